import type { InboundPlan } from '../mapping/inbound.ts';
import { readRuleAnswer } from '../mapping/referral-answer.ts';
import type { RecordInput } from './apply-record.ts';
import { type Dependencies, mappingOf } from './dependencies.ts';
import type { FieldChange } from './write-journaled.ts';

/** What a rule answers AWS, as a line of the journal: which rule of which mapping decided it. None without an answer. */
export function answerChanges(
  deps: Pick<Dependencies, 'mapping' | 'sample'>,
  { file, state }: RecordInput,
  { aceId, rowWrites }: InboundPlan,
): readonly FieldChange[] {
  const answer = readRuleAnswer(rowWrites.Rule_Answer__c);
  if (answer === null) return [];
  const { record, row } = state.linked;
  const field = 'Rule_Answer__c';
  const cause = `${file.key}@${file.etag}`;
  return [
    {
      id: `${cause}#${aceId}#${field}`,
      crmId: record?.id ?? `new:${aceId}`,
      field,
      before: row?.fields[field] ?? null,
      after: rowWrites[field],
      cause,
      rule: `referral.answer[${answer.rule - 1}]`,
      mappingVersion: mappingOf(deps, record?.id ?? null).version,
      actor: 'rule',
    },
  ];
}
