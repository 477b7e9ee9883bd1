/** The org's clock: real time plus an offset, so that tests can let hours pass without waiting. */
export interface StandInClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Moves the clock; negative values move it back. */
  advance(milliseconds: number): void;
}

/** @param wholeSeconds cuts the milliseconds off, as an org's own time stamps may have none. */
export function createClock(wholeSeconds = false): StandInClock {
  let offset = 0;
  return {
    now: () => {
      const now = Date.now() + offset;
      return wholeSeconds ? now - (now % 1000) : now;
    },
    advance: (milliseconds) => {
      offset += milliseconds;
    },
  };
}

export const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString();
