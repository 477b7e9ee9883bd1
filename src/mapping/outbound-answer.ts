import { standardValues } from '../ace/picklists.ts';
import { acceptanceField, acceptanceOf } from './ace-status.ts';
import type { ObjectMapping } from './compile.ts';
import { payloadOf } from './outbound-fields.ts';
import type { Contract } from './outbound-gates.ts';
import { type OutboundInput, type OutboundPlan, stop } from './outbound-plan.ts';

/** The partner's answer to an AWS referral or lead: a payload of its own, ACE's identifier and the answer only. */
export function planAnswer(
  input: OutboundInput,
  mapping: ObjectMapping,
  contract: Contract,
  aceId: string | null,
): OutboundPlan | null {
  const { object, intentFields: intent, sent, received, hash, payloadVersion, linked } = input;
  if (intent === null || aceId === null) return null;
  const stands = received === null ? 'pending' : acceptanceOf(object, received.aceStatus, contract.now);
  const wanted = intent.acceptance === 'Accepted' ? 'accepted' : 'rejected';
  if (stands === wanted || stands === 'notNeeded') return null;
  if (stands === 'rejected') return stop('hold', 'ACE_REFERRAL_REJECTED', aceId, null);
  if (stands === 'expired') return stop('hold', 'ACE_REFERRAL_EXPIRED', aceId, null);
  if (stands === 'accepted') return null;
  const key = `${acceptanceField[object]}>`;
  const answered = { ace: hash(key, 'ace', intent.acceptance), crm: hash(key, 'crm', intent.acceptance) };
  if (sent?.fields[key]?.ace === answered.ace) return stop('wait', 'ACCEPTANCE_SENT', aceId, null);
  const changes: Record<string, string> = { [acceptanceField[object]]: intent.acceptance };
  if (object === 'opportunity' && intent.acceptance === 'Rejected' && payloadVersion === 2) {
    const reason = intent.rejectionReason ?? linked.row?.fields.Rejection_Reason__c ?? null;
    const known = standardValues(object, payloadVersion, 'rejectionReason') ?? [];
    if (typeof reason !== 'string' || !known.includes(reason)) {
      return stop('hold', 'REJECTION_REASON_MISSING', aceId, null);
    }
    changes.rejectionReason = reason;
  }
  return {
    decision: 'send',
    reasonCode: 'SENT_ACCEPTANCE',
    kind: 'update',
    partnerId: null,
    payload: payloadOf(mapping, { aceId, partnerId: null }, changes),
    fields: { [key]: answered },
    baseline: {},
    problems: [],
    decisions: [],
  };
}
