import type { Evidence, Values, Violation } from '../evidence.ts';
import { survivors } from './merges.ts';
import { aceIdOf, answersOf, inboundOf, partnerIdOf, senderOf, textOf } from './read-files.ts';

/** One CRM record for each ACE record, and one ACE record for each CRM record. */
export function checkIdentity(evidence: Evidence): readonly Violation[] {
  return [...secondCrmRecords(evidence), ...secondRows(evidence), ...secondOpportunities(evidence)];
}

/** By every commit, so that a second record that was deleted or relinked later counts too. */
function secondCrmRecords(evidence: Evidence): Violation[] {
  const { crm, integrationUserId, ace } = evidence;
  const survivorOf = survivors(evidence);
  const aceIdsOf = new Map<string, Set<string>>();
  for (const { object, id, values } of crm.commits) {
    if ((object !== 'Opportunity' && object !== 'Lead') || values.CreatedById !== integrationUserId) continue;
    const ids = aceIdsOf.get(id) ?? new Set<string>();
    aceIdsOf.set(id, ids);
    const aceId = textOf(values.ACE_Id__c);
    if (aceId !== null) ids.add(aceId);
  }
  const makers = new Map<string, string[]>();
  const found: Violation[] = [];
  for (const [id, aceIds] of aceIdsOf) {
    if (aceIds.size === 0) found.push(second(id, 'the sync made a CRM record that no ACE record is linked to'));
    for (const aceId of aceIds) makers.set(aceId, [...(makers.get(aceId) ?? []), id]);
  }
  for (const { aceId, partnerId } of ace.records) {
    const made = makers.get(aceId) ?? [];
    const others = partnerId === null ? [] : made.filter((id) => survivorOf(id) !== survivorOf(partnerId));
    if (made.length > 1 || others.length > 0) {
      found.push(second(aceId, `CRM records ${[...made, partnerId].join(', ')}`));
    }
  }
  return found;
}

const second = (where: string, what: string): Violation => ({ promise: 'secondCrmRecord', where, what });

function secondRows({ crm }: Evidence): Violation[] {
  const found: Violation[] = [];
  for (const field of ['ACE_Id__c', 'CRM_Record_Id__c', 'Opportunity__c', 'Lead__c']) {
    for (const [value, count] of counted(crm.rows.ACE_Sync__c, field)) {
      if (count > 1) found.push(second(value, `${count} companion rows by ${field}`));
    }
  }
  for (const object of ['Opportunity', 'Lead'] as const) {
    for (const [value, count] of counted(crm.rows[object], 'ACE_Id__c')) {
      if (count > 1) found.push(second(value, `${count} records of ${object}`));
    }
  }
  return found;
}

function counted(rows: readonly Values[], field: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = textOf(row[field]);
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

/**
 * Two ACE records of one CRM record, or a create that was sent although ACE had taken one before: the simulator finds the
 * first by its partner identifier, but two creates that AWS works on at once make two opportunities.
 */
function secondOpportunities(evidence: Evidence): Violation[] {
  const found: Violation[] = [];
  const of = new Map<string, string[]>();
  for (const { aceId, partnerId } of evidence.ace.records) {
    if (partnerId !== null) of.set(partnerId, [...(of.get(partnerId) ?? []), aceId]);
  }
  for (const [partnerId, aceIds] of of) {
    if (aceIds.length > 1) found.push({ promise: 'secondOpportunity', where: partnerId, what: aceIds.join(', ') });
  }
  const answers = answersOf(evidence);
  const created = new Map<string, string>();
  for (const { name, object, records } of inboundOf(evidence)) {
    if (object !== 'opportunity' || senderOf(name) === null) continue;
    for (const [index, record] of records.entries()) {
      const partnerId = partnerIdOf(record);
      if (aceIdOf(record) !== null || partnerId === null) continue;
      const before = created.get(partnerId);
      if (before !== undefined) {
        found.push({ promise: 'secondOpportunity', where: partnerId, what: `${name} creates what ${before} created` });
      }
      if (answers.get(name)?.[index]?.isSuccess !== false) created.set(partnerId, name);
    }
  }
  return found;
}
