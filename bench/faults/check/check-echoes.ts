import type { Evidence, Values, Violation } from '../evidence.ts';
import { markOf } from '../marks.ts';
import { editedFields } from './fields.ts';
import { answersOf, inboundOf, senderOf } from './read-files.ts';

const echo = (where: string, what: string): Violation => ({ promise: 'echo', where, what });

/** What came from one side does not go back to it. */
export function checkEchoes(evidence: Evidence): readonly Violation[] {
  return [...toAce(evidence), ...sentTwice(evidence), ...toCrm(evidence)];
}

/** A file that tells ACE a value of AWS's own. */
function toAce(evidence: Evidence): Violation[] {
  return inboundOf(evidence).flatMap(({ name, records }) =>
    records
      .flatMap((record) => Object.entries(record))
      .filter(([, value]) => markOf(value)?.by === 'aws')
      .map(([field]) => echo(name, `${field} holds a value that AWS wrote`)),
  );
}

/**
 * The same content again after ACE had answered that it took it. An answer that was lost excuses the second file, and so
 * does a person who chose Keep ours: AWS had changed the value meanwhile.
 */
function sentTwice(evidence: Evidence): Violation[] {
  const answers = answersOf(evidence);
  const insisted = new Set(
    evidence.crm.commits.flatMap(({ values }) =>
      values.Action__c === 'Keep ours' ? [values.Opportunity__c, values.Lead__c] : [],
    ),
  );
  const found: Violation[] = [];
  const last = new Map<string, string>();
  for (const { name, records } of inboundOf(evidence)) {
    const recordId = senderOf(name)?.recordId;
    const [record] = records;
    if (recordId === undefined || record === undefined) continue;
    const content = JSON.stringify(Object.entries(record).sort());
    if (last.get(recordId) === content && !insisted.has(recordId))
      found.push(echo(name, 'says what ACE had already taken and answered'));
    if (answers.get(name)?.[0]?.isSuccess === true) last.set(recordId, content);
    else if (content !== last.get(recordId)) last.delete(recordId);
  }
  return found;
}

/** The sync writes over a CRM field with a value that a person in the CRM had written earlier: what we sent came back. */
function toCrm({ crm, integrationUserId }: Evidence): Violation[] {
  const own = new Set(Object.values(editedFields).flatMap((fields) => fields.map((field) => field.crm)));
  const found: Violation[] = [];
  const before = new Map<string, Values>();
  for (const { object, id, values } of crm.commits) {
    const last = before.get(id);
    before.set(id, values);
    if (last === undefined || values.LastModifiedById !== integrationUserId) continue;
    for (const field of own) {
      if (values[field] !== last[field] && markOf(values[field])?.by === 'crm') {
        found.push(echo(`${object} ${id}`, `${field} was set back to a value that came from the CRM`));
      }
    }
  }
  return found;
}
