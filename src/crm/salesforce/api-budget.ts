import { AceSyncError } from '../../errors.ts';
import type { SalesforceOptions } from './options.ts';

/**
 * The share of the org's API calls that the sync may help to use up. `Sforce-Limit-Info` counts the whole org over a
 * rolling 24 hours, so the budget looks at the observed rate of everybody, not only at its own calls.
 */
export interface ApiBudget {
  /** Takes the header `Sforce-Limit-Info: api-usage=18/15000` of an answer. */
  observe(header: string | undefined): void;
  usage(): { readonly used: number; readonly limit: number } | null;
  state(): 'free' | 'slow' | 'held';
  /** Whether a normal call would be refused now; false when it would be let through to look at the usage again. */
  closed(): boolean;
  /**
   * Lets a call through or not. While held, one call per probe interval passes to look at the usage again.
   * @throws AceSyncError CRM_LIMIT_REACHED with the time until the next look.
   */
  admit(priority: 'normal' | 'urgent'): void;
}

/** How far ahead the observed rate is counted as used: calls under way or decided on before the next answer. */
const lookAheadMs = 60_000;
/** Samples older than this say nothing about the rate now. */
const rateWindowMs = 10 * 60_000;

export function createApiBudget(share: SalesforceOptions['apiShare'], now: () => number): ApiBudget {
  let usage: { used: number; limit: number } | null = null;
  let samples: { at: number; used: number }[] = [];
  let nextProbe = 0;

  function expectedShare(): number {
    if (usage === null || usage.limit <= 0) return 0;
    const first = samples[0];
    const last = samples.at(-1);
    let ahead = 0;
    if (first !== undefined && last !== undefined && last.at - first.at >= 60_000) {
      ahead = (Math.max(0, last.used - first.used) / (last.at - first.at)) * lookAheadMs;
    }
    return (usage.used + ahead) / usage.limit;
  }

  function state(): 'free' | 'slow' | 'held' {
    const expected = expectedShare();
    if (expected >= share.holdAt) return 'held';
    return expected >= share.slowAt ? 'slow' : 'free';
  }

  return {
    observe(header) {
      const match = /api-usage=(\d+)\/(\d+)/.exec(header ?? '');
      if (match === null) return;
      usage = { used: Number(match[1]), limit: Number(match[2]) };
      const at = now();
      const last = samples.at(-1);
      // A sample a second is enough for a rate, and keeps the list short under load.
      if (last !== undefined && at - last.at < 1_000) last.used = usage.used;
      else samples = [...samples.filter((sample) => at - sample.at <= rateWindowMs), { at, used: usage.used }];
    },
    usage: () => usage,
    state,
    closed: () => state() === 'held' && now() < nextProbe,
    admit(priority) {
      if (state() !== 'held') return;
      if (priority === 'urgent' && usage !== null && usage.used / usage.limit < share.reserveTo) return;
      if (now() >= nextProbe) {
        nextProbe = now() + share.probeIntervalMs;
        return;
      }
      const used = usage === null ? '' : `${usage.used} of ${usage.limit} calls are used; `;
      throw new AceSyncError('CRM_LIMIT_REACHED', `${used}the sync leaves the rest to others.`, {
        retryAfterMs: nextProbe - now(),
      });
    },
  };
}
