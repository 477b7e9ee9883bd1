/** How simulated time passes: with the wall clock, faster by a factor, or only when somebody steps it. */
export type ClockOptions =
  | { readonly kind: 'real' }
  | { readonly kind: 'accelerated'; readonly factor: number }
  | { readonly kind: 'stepped'; readonly start: string };

export interface Clock {
  readonly kind: ClockOptions['kind'];
  now(): Date;
  /** Moves a stepped clock to a later time; the other clocks cannot be set and throw a RangeError. */
  set(time: Date): void;
  /** Lets an accelerated clock jump ahead, as a corrected server clock does; the other clocks throw a RangeError. */
  jump(milliseconds: number): void;
}

/**
 * `resumeAt` is the simulated time at which an earlier process was last seen: an accelerated or stepped clock goes on
 * from there, because records in the state carry dates of that time and time must not run backwards.
 */
export function createClock(options: ClockOptions, resumeAt: Date | null): Clock {
  switch (options.kind) {
    case 'real':
      return { kind: 'real', now: () => new Date(), set: refuseSet, jump: refuseJump };
    case 'accelerated': {
      const wallStart = Date.now();
      let base = Math.max(resumeAt?.getTime() ?? 0, wallStart);
      return {
        kind: 'accelerated',
        now: () => new Date(base + (Date.now() - wallStart) * options.factor),
        set: refuseSet,
        jump(milliseconds) {
          if (milliseconds < 0) throw new RangeError('Expected a jump ahead: the clock does not run backwards.');
          base += milliseconds;
        },
      };
    }
    case 'stepped': {
      let time = resumeAt ?? new Date(options.start);
      if (Number.isNaN(time.getTime())) throw new RangeError('Expected the start of the stepped clock as an ISO date.');
      return {
        kind: 'stepped',
        now: () => time,
        set(next) {
          if (next < time) throw new RangeError('Expected a later time: a stepped clock does not run backwards.');
          time = next;
        },
        jump: refuseJump,
      };
    }
  }
}

function refuseSet(): never {
  throw new RangeError('Only a stepped clock can be set.');
}

function refuseJump(): never {
  throw new RangeError('Only an accelerated clock can jump.');
}
