/** The org's clock: real time plus an offset, so that tests can let hours pass without waiting. */
export interface StandInClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Moves the clock; negative values move it back. */
  advance(milliseconds: number): void;
}

export function createClock(): StandInClock {
  let offset = 0;
  return {
    now: () => Date.now() + offset,
    advance: (milliseconds) => {
      offset += milliseconds;
    },
  };
}

export const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString();
