/** The org's clock: real time plus an offset, so that tests can let hours pass without waiting. */
export interface StandInClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Moves the clock; negative values move it back. */
  advance(milliseconds: number): void;
  /** Lets time stand still, so that what happens until `start` happens at one moment. */
  stop(): void;
  start(): void;
}

/** @param wholeSeconds cuts the milliseconds off, as an org's own time stamps may have none. */
export function createClock(wholeSeconds = false): StandInClock {
  let offset = 0;
  /** Of the real clock, while time stands still. */
  let stoppedAt: number | null = null;
  return {
    now: () => {
      const now = (stoppedAt ?? Date.now()) + offset;
      return wholeSeconds ? now - (now % 1000) : now;
    },
    advance: (milliseconds) => {
      offset += milliseconds;
    },
    stop: () => {
      stoppedAt ??= Date.now();
    },
    start: () => {
      stoppedAt = null;
    },
  };
}

export const isoOf = (milliseconds: number): string => new Date(milliseconds).toISOString();
