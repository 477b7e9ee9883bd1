import type { AceRecord } from '../ace/ace-record.ts';
import type { PlanningDependencies } from '../activities/dependencies.ts';
import type { LinkedState } from '../activities/linked-records.ts';
import { readPersonIntent } from '../activities/person-actions.ts';
import type { SharedObject } from '../crm/crm.ts';
import { type InboundPlan, planInbound } from '../mapping/inbound.ts';
import { versionOf } from '../mapping/inbound-arrival.ts';
import { previewInbound } from '../mapping/preview.ts';
import { readRuleAnswer } from '../mapping/referral-answer.ts';
import type { Say } from './effect-tally.ts';

/** What the newest export of a record would do if it came again now, with the mapping before and with the one after. */
export interface ExportPlans {
  readonly was: InboundPlan;
  readonly is: InboundPlan;
}

export async function planExportAgain(
  before: PlanningDependencies,
  after: PlanningDependencies,
  object: SharedObject,
  state: LinkedState,
  aceRecord: AceRecord,
): Promise<ExportPlans> {
  const plan = ({ mapping, hash, now }: PlanningDependencies): Promise<InboundPlan> => {
    const at = versionOf(aceRecord) ?? now().toISOString();
    // The export counts as the next version, so that it is merged and not set aside as known.
    const received =
      state.received === null ? null : { ...state.received, at: new Date(Date.parse(at) - 1).toISOString() };
    return planInbound({
      mapping,
      object,
      aceRecord,
      linked: state.linked,
      sent: state.sent,
      received,
      hash,
      fileKey: 'archive',
      fileLastModified: at,
      stamp: state.stamp,
      // A connection that is not live yet answers its referrals once it is.
      mode: 'live',
      now: now().toISOString(),
    });
  };
  return { was: await plan(before), is: await plan(after) };
}

/** Values that would be written, and records that would be parked. */
export function judgeWrites({ was, is }: ExportPlans, { linked }: LinkedState, say: Say): void {
  const writes = (plan: InboundPlan) =>
    previewInbound(plan, linked).filter(({ becomes, now }) => becomes !== undefined && becomes !== now);
  const before = new Map(writes(was).map(({ path, becomes }) => [path, becomes]));
  for (const { path, becomes, rule } of writes(is)) {
    if (before.get(path) !== becomes) say('atOnce', 'in', path, rule);
  }
  const parked = (plan: InboundPlan) => (plan.outcome === 'parked' ? plan.reasonCode : null);
  if (parked(is) !== null && parked(is) !== parked(was)) say('held', 'in', is.reasonCode, 'parked');
}

/** An answer to AWS that a rule would give, and that neither a person gave nor the mapping before gives. */
export function judgeAnswer({ was, is }: ExportPlans, { linked }: LinkedState, say: Say): void {
  const [before, after] = [was, is].map((plan) => readRuleAnswer(plan.rowWrites.Rule_Answer__c));
  if (!after || readPersonIntent(linked.row?.fields.Intent__c).acceptance !== undefined) return;
  const { acceptance, rejectionReason, rule } = after;
  if (before?.acceptance === acceptance && before.rejectionReason === rejectionReason) return;
  say('answered', 'out', acceptance, `rule ${rule}${rejectionReason === null ? '' : ` (${rejectionReason})`}`);
}
