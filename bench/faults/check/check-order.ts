import type { Evidence, Values, Violation } from '../evidence.ts';
import { markOf, type Writer } from '../marks.ts';
import { inboundOf, senderOf } from './read-files.ts';

const disorder = (where: string, what: string): Violation => ({ promise: 'olderOverNewer', where, what });

/** No older value replaces a newer one of the same writer, on either side. */
export function checkOrder(evidence: Evidence): readonly Violation[] {
  return [...inCrm(evidence), ...atAce(evidence)];
}

/** Every commit of the sync, in the order in which the CRM made them. */
function inCrm({ crm, integrationUserId }: Evidence): Violation[] {
  const found: Violation[] = [];
  const before = new Map<string, Values>();
  for (const { object, id, values } of crm.commits) {
    const last = before.get(id);
    before.set(id, values);
    if (!['Opportunity', 'Lead', 'ACE_Sync__c'].includes(object) || last === undefined) continue;
    if (Date.parse(String(values.ACE_Last_Modified__c)) < Date.parse(String(last.ACE_Last_Modified__c))) {
      found.push(disorder(`${object} ${id}`, 'ACE_Last_Modified__c went back'));
    }
    if (values.LastModifiedById !== integrationUserId) continue;
    for (const [field, value] of Object.entries(values)) {
      if (value !== last[field] && goesBack(last[field], value, 'aws')) {
        found.push(disorder(`${object} ${id}`, `${field} went back to an older value of AWS`));
      }
    }
  }
  return found;
}

/** Every file that ACE took, in the order in which it took them. */
function atAce(evidence: Evidence): Violation[] {
  const found: Violation[] = [];
  const last = new Map<string, unknown>();
  for (const { name, records } of inboundOf(evidence)) {
    const sender = senderOf(name);
    if (sender === null) continue;
    for (const [field, value] of records.flatMap((record) => Object.entries(record))) {
      const key = `${sender.recordId} ${field}`;
      if (goesBack(last.get(key), value, 'crm'))
        found.push(disorder(name, `${field} is older than what ACE had taken`));
      if (markOf(value)?.by === 'crm') last.set(key, value);
    }
  }
  return found;
}

function goesBack(from: unknown, to: unknown, by: Writer): boolean {
  const [before, after] = [markOf(from), markOf(to)];
  return before?.by === by && after?.by === by && after.number < before.number;
}
