import type { CrmFields, CrmWriteFields } from '../crm/crm.ts';
import type { InboundPlan } from '../mapping/inbound.ts';
import { rowPrefix } from '../mapping/mapping-checks.ts';
import { readRuleAnswer } from '../mapping/referral-answer.ts';
import type { FileReference } from '../workflows/messages.ts';
import type { RecordInput } from './apply-record.ts';
import { type Dependencies, mappingOf } from './dependencies.ts';
import { type FieldChange, newRecord } from './write-journaled.ts';

/** The changes that one record of a file makes, as lines of the journal. */
export interface InboundChanges {
  readonly record: readonly FieldChange[];
  /** Of the row only what the mapping names or decides, and links: its state is the sync's own. */
  readonly row: readonly FieldChange[];
}

/** A version of a file, as the cause of a change. */
export const causeOf = ({ key, etag }: Pick<FileReference, 'key' | 'etag'>): string => `${key}@${etag}`;

/** @param recordWrites fields of the record as they go out, related records and owner settled; empty when none does */
export function inboundChanges(
  deps: Pick<Dependencies, 'mapping' | 'sample'>,
  { file, state }: Pick<RecordInput, 'file' | 'state'>,
  { aceId, decisions }: Pick<InboundPlan, 'aceId' | 'decisions'>,
  recordWrites: CrmWriteFields,
  rowWrites: CrmFields,
): InboundChanges {
  const { record, row } = state.linked;
  const crmId = record?.id ?? newRecord(aceId);
  const mappingVersion = mappingOf(deps, record?.id ?? null).version;
  const cause = causeOf(file);
  const rules = new Map(decisions.filter(({ writes }) => writes).map(({ path, rule }) => [path, rule]));
  const change = (
    field: string,
    [before = null, after]: readonly [unknown, unknown],
    rule: string,
    actor: FieldChange['actor'] = 'aws',
  ): FieldChange => {
    const id = `${cause}#${aceId}#${field}`;
    return { id, crmId, field, before, after, cause, rule, mappingVersion, actor };
  };
  return {
    record: Object.entries(recordWrites).map(([field, after]) =>
      change(field, [record?.fields[field], after], rules.get(field) ?? 'state'),
    ),
    row: Object.entries(rowWrites).flatMap(([name, after]) => {
      const field = rowPrefix + name;
      const values = [row?.fields[name], after] as const;
      const rule = rules.get(field);
      if (rule !== undefined) return [change(field, values, rule)];
      const answer = name === 'Rule_Answer__c' ? readRuleAnswer(after) : null;
      if (answer !== null) return [change(field, values, `referral.answer[${answer.rule - 1}]`, 'rule')];
      return name === 'Referral_Lead__c' ? [change(field, values, 'referral.lead')] : [];
    }),
  };
}
