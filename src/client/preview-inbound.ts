import type { AceRecord } from '../ace/ace-record.ts';
import type { PlanningDependencies } from '../activities/dependencies.ts';
import { inboundInput } from '../activities/inbound-input.ts';
import { type LinkedState, readLinked } from '../activities/linked-records.ts';
import { judgeNewRecord } from '../activities/settle-duplicates.ts';
import { type RelationsCrm, settleRelations } from '../activities/settle-relations.ts';
import type { CrmWriteFields, SharedObject } from '../crm/crm.ts';
import { readDuplicates } from '../mapping/duplicates.ts';
import { type InboundPlan, planDuplicate, planInbound } from '../mapping/inbound.ts';
import { problemOf } from '../mapping/reasons.ts';

/** What a record of an outbound file would do to the CRM now, as far as reading can tell. */
export interface ExpectedInbound {
  readonly plan: InboundPlan;
  readonly state: LinkedState;
  /** The plan's values for the record, with owner, account and contact as they would be found. */
  readonly fields: CrmWriteFields;
  /** What else would happen, in words. */
  readonly also: readonly string[];
}

export async function expectInbound(
  deps: PlanningDependencies,
  object: SharedObject,
  aceRecord: AceRecord,
  found: LinkedState,
  file: { readonly key: string; readonly lastModified: string },
): Promise<ExpectedInbound> {
  const inputOf = (state: LinkedState) => inboundInput(deps, object, aceRecord, file, state);
  const first = await planInbound(inputOf(found));
  const judged = first.creates ? await judgeNewRecord(deps, object, aceRecord, found) : null;
  switch (judged?.kind) {
    case 'plan':
      return expected(deps, planDuplicate(inputOf(found), judged.verdict), found);
    case 'link': {
      const state = await linkedWith(deps, object, found, judged);
      const { also, ...rest } = await expected(deps, await planInbound(inputOf(state)), state);
      return { ...rest, also: [`It is linked with ${judged.crmId}, which the CRM holds already.`, ...also] };
    }
    default:
      return expected(deps, first, found);
  }
}

/** The state as it is once the row of the ACE record has taken the CRM record. */
async function linkedWith(
  deps: PlanningDependencies,
  object: SharedObject,
  found: LinkedState,
  { crmId, note }: { readonly crmId: string; readonly note: string },
): Promise<LinkedState> {
  const [theirs] = await readLinked(deps, object, [{ crmId }]);
  const { row } = found.linked;
  const claimed = { id: '', aceId: found.stamp.aceId, systemModstamp: '', ...row, crmId };
  const linked = {
    record: theirs?.linked.record ?? null,
    row: { ...claimed, fields: { ...row?.fields, Duplicate__c: note } },
  };
  return { ...found, linked, stamp: { ...found.stamp, recordId: crmId } };
}

async function expected(deps: PlanningDependencies, plan: InboundPlan, state: LinkedState): Promise<ExpectedInbound> {
  const also: string[] = [];
  for (const { name, id, keys } of readDuplicates(plan.rowWrites.Duplicate__c))
    also.push(`It may be ${name} (${id}): same ${keys.join(', ')}.`);
  const answer = plan.rowWrites.Rule_Answer__c;
  if (typeof answer === 'string') also.push(`AWS gets our answer, for good: ${answer}`);
  if (plan.referralLead?.do === 'make') also.push('A lead stands for it until it is accepted.');
  if (plan.referralLead?.do === 'end') {
    const { madeWith, status } = plan.referralLead;
    also.push(`The lead that stood for it becomes ${status}, if it is still ${madeWith}.`);
  }
  if (plan.related.length === 0 && plan.owner === null) return { plan, state, fields: plan.recordWrites, also };
  const crm: RelationsCrm = {
    related: (sobject, field, value) => deps.crm.related(sobject, field, value),
    async write(object, _key, fields) {
      const sobject = typeof object === 'string' ? object : object.sobject;
      also.push(`A new ${sobject} is made: ${Object.values(fields).join(', ')}.`);
      return { kind: 'written', id: `(the new ${sobject})`, created: true };
    },
  };
  const { fields, notes } = await settleRelations(crm, plan);
  return { plan, state, fields, also: [...also, ...notes.map((code) => problemOf(code).message)] };
}
