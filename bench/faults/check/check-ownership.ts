import type { Evidence, Values, Violation } from '../evidence.ts';
import { survivors } from './merges.ts';
import { aceIdOf, inboundOf, senderOf, textOf } from './read-files.ts';

const foreign = (where: string, what: string): Violation => ({ promise: 'wrongConnection', where, what });

/** The sync touches what is its own, and each record under its own identity. */
export function checkOwnership(evidence: Evidence): readonly Violation[] {
  return [...names(evidence), ...states(evidence), ...sent(evidence), ...others(evidence)];
}

function names({ connection, journal, runs, crm }: Evidence): Violation[] {
  const lines = journal.filter((line) => line.connection !== connection);
  const held = crm.rows.ACE_Connection__c.filter((row) => row.Held__c === true);
  const strangers = runs.filter(
    ({ workflowId, attributes }) =>
      attributes.AceConnection !== undefined &&
      !(attributes.AceConnection === connection && workflowId.startsWith(`${connection}/`)),
  );
  return [
    ...lines.map(({ id }) => foreign(id, 'a ledger line of another connection')),
    ...strangers.map(({ workflowId }) => foreign(workflowId, 'a workflow of another connection')),
    ...held.map((row) => foreign(`connection ${row.Connection__c}`, 'held, as after an id that differed')),
  ];
}

/** The state on a row is stamped with the connection, the partner number and the row's own two ids. */
function states(evidence: Evidence): Violation[] {
  const { crm, connection, spmsId, installation } = evidence;
  const survivorOf = survivors(evidence);
  /** What a merged record had agreed on goes on under its survivor. */
  const own = (part: string, value: unknown) =>
    part === 'recordId' && typeof value === 'string' ? survivorOf(value) : value;
  return crm.rows.ACE_Sync__c.flatMap((row) =>
    ['Sent_State__c', 'Received_State__c'].flatMap((field) => {
      const text = textOf(row[field]);
      if (text === null) return [];
      const { stamp } = JSON.parse(text) as { stamp: Values };
      const wanted = { connection, spmsId, installation, recordId: row.CRM_Record_Id__c, aceId: row.ACE_Id__c };
      return Object.entries(wanted)
        .filter(([part, value]) => (stamp[part] ?? null) !== null && own(part, stamp[part]) !== value)
        .map(([part]) => foreign(`row ${row.Id}`, `${field} is stamped with another ${part}`));
    }),
  );
}

/** A file names the installation, the partner number, and ids that belong together. */
function sent(evidence: Evidence): Violation[] {
  const { installation, crm, spmsId, bucket } = evidence;
  const linked = new Map<unknown, unknown>([
    // A record may have been deleted since.
    ...crm.commits.map(({ id, values }) => [id, values.ACE_Id__c] as const),
    ...[...crm.rows.Opportunity, ...crm.rows.Lead].map((row) => [row.Id, row.ACE_Id__c] as const),
  ]);
  const texts = new Map(bucket.map(({ key, text }) => [key, text]));
  return inboundOf(evidence).flatMap(({ key, name, records }) => {
    const sender = senderOf(name);
    if (sender?.installation !== installation) return [foreign(name, 'sent under another name')];
    const found: Violation[] = [];
    if (!new RegExp(`"spmsId":\\s*"?${spmsId}"?`).test(texts.get(key) ?? ''))
      found.push(foreign(name, 'another spmsId'));
    for (const record of records) {
      const aceId = aceIdOf(record);
      if (aceId !== null && linked.get(sender.recordId) !== aceId) {
        found.push(foreign(name, `sends ${aceId} for a record that is linked to ${linked.get(sender.recordId)}`));
      }
    }
    return found;
  });
}

function others({ foreign: planted, bucket }: Evidence): Violation[] {
  return planted.flatMap(({ key, etag }) => {
    const file = bucket.find((one) => one.key === key);
    if (file === undefined) return [foreign(key, 'a file of another system is gone')];
    const touched = file.etag !== etag || Object.keys(file.tags).length > 0;
    return touched ? [foreign(key, 'a file of another system was changed')] : [];
  });
}
