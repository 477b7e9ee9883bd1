/**
 * Milliseconds since the epoch by a clock that nobody sets: the time at which the process started, and what passed since.
 * For pauses and for how long something may be remembered; after the machine's clock was set back by an hour, a breaker
 * that goes by that clock would stay open for an hour.
 */
export const steadyNow = (): number => performance.timeOrigin + performance.now();
