import { AceSyncError } from '../../errors.ts';

/**
 * One breaker per connection (design.md, rules 11 and 12): a fault that concerns every record is met once, reported
 * once and probed once; everybody else is told when to come back, all the same time, so that there is no stampede.
 */
export interface Breaker {
  /**
   * Runs the call when the breaker is closed, or when this call is the one probe.
   * @throws AceSyncError the fault that opened it, with `retryAfterMs`, without running the call.
   */
  run<T>(call: () => Promise<T>): Promise<T>;
  fault(): { readonly error: AceSyncError; readonly until: number } | null;
}

/** Faults that open at once; a single CRM_UNAVAILABLE may be one lost packet. */
const openAtOnce = new Set([
  'CRM_LOGIN_REFUSED',
  'CRM_SCHEMA',
  'CRM_LIMIT_REACHED',
  'CRM_ORG_DIFFERS',
  'SECRET_MISSING',
]);
/** CRM_UNAVAILABLE opens when it comes this often in a row, or at once when Salesforce says for how long. */
const unavailableInARow = 3;
/** The pause doubles with each failed probe up to this. */
const longestPauseMs = 5 * 60_000;
/** While a probe runs, others come back after this. */
const probeMs = 5_000;

export function createBreaker(options: { now: () => number; defaultPauseMs: number; onOpen?: () => void }): Breaker {
  let open: { error: AceSyncError; until: number; pauseMs: number } | null = null;
  let probing = false;
  let failures = 0;

  function failed(thrown: unknown): void {
    if (!(thrown instanceof AceSyncError)) return;
    const unavailable = thrown.code === 'CRM_UNAVAILABLE';
    if (!unavailable && !openAtOnce.has(thrown.code)) return;
    failures++;
    if (unavailable && open === null && failures < unavailableInARow && thrown.retryAfterMs === undefined) return;
    const pauseMs = Math.min(
      Math.max(thrown.retryAfterMs ?? options.defaultPauseMs, open === null ? 0 : open.pauseMs * 2),
      Math.max(longestPauseMs, thrown.retryAfterMs ?? 0),
    );
    open = { error: thrown, until: options.now() + pauseMs, pauseMs };
    options.onOpen?.();
  }

  return {
    async run(call) {
      const isProbe = open !== null && options.now() >= open.until && !probing;
      if (open !== null && !isProbe) {
        const retryAfterMs = Math.max(open.until - options.now(), probing ? probeMs : 0);
        throw new AceSyncError(open.error.code, open.error.detail, { cause: open.error, retryAfterMs });
      }
      if (isProbe) probing = true;
      try {
        const result = await call();
        open = null;
        failures = 0;
        return result;
      } catch (thrown) {
        const answered = !(thrown instanceof AceSyncError);
        if (answered) failures = 0;
        failed(thrown);
        throw thrown;
      } finally {
        if (isProbe) probing = false;
      }
    },
    fault: () => (open === null ? null : { error: open.error, until: open.until }),
  };
}
