import { isBlank } from '../ace/ace-record.ts';
import { acceptanceOf, aceStatusOf } from './ace-status.ts';
import type { ObjectMapping } from './compile.ts';
import type { InboundInput, InboundPlan } from './inbound-plan.ts';
import type { AcceptanceIntent } from './outbound-plan.ts';

/**
 * The answer that a rule of the mapping gives to an AWS referral or lead. It stands on the companion row until the upload
 * has sent it; what a person chose there counts instead, and without a rule nothing is answered.
 */
export interface RuleAnswer extends AcceptanceIntent {
  /** Position of the rule in `referral.answer`, counted from 1. */
  readonly rule: number;
}

/** The words of `Rule_Answer__c`: `Accepted by rule 2`, `Rejected by rule 3: Unable to support`. */
const words = /^(Accepted|Rejected) by rule (\d+)(?:: (.+))?$/;

const writeRuleAnswer = ({ acceptance, rejectionReason, rule }: RuleAnswer): string =>
  `${acceptance} by rule ${rule}${isBlank(rejectionReason) ? '' : `: ${rejectionReason}`}`;

/** Reads `Rule_Answer__c`; anything unreadable is no answer. */
export function readRuleAnswer(text: unknown): RuleAnswer | null {
  const [, acceptance, rule, reason] = (typeof text === 'string' && words.exec(text)) || [];
  if (acceptance !== 'Accepted' && acceptance !== 'Rejected') return null;
  return { acceptance, rejectionReason: reason ?? null, rule: Number(rule) };
}

/**
 * Adds what a rule answers to the plan of a referral that AWS wants an answer to. The first rule that holds gives it,
 * once: a later version of the record does not change an answer that may be on its way.
 */
export async function withRuleAnswer(
  input: InboundInput,
  mapping: ObjectMapping,
  plan: InboundPlan,
): Promise<InboundPlan> {
  const { object, aceRecord, received, linked, mode, now } = input;
  if (mode !== 'live' || plan.finish === null || mapping.answers.length === 0) return plan;
  if (!isBlank(linked.row?.fields.Rule_Answer__c ?? null)) return plan;
  const status = aceStatusOf(object, aceRecord, received?.aceStatus ?? null);
  if (acceptanceOf(object, status, now) !== 'pending') return plan;
  for (const [index, { when, acceptance, rejectionReason }] of mapping.answers.entries()) {
    // A rule that fails on this record does not hold: nothing is answered by mistake.
    const holds = await when.evaluate(aceRecord).catch(() => false);
    if (holds !== true) continue;
    const answer = writeRuleAnswer({ acceptance, rejectionReason: rejectionReason ?? null, rule: index + 1 });
    return { ...plan, rowWrites: { ...plan.rowWrites, Rule_Answer__c: answer } };
  }
  return plan;
}
