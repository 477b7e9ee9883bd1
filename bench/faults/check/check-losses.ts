import type { Evidence, Values, Violation } from '../evidence.ts';
import { type Mark, markOf } from '../marks.ts';
import { editedFields } from './fields.ts';
import { aceIdOf, answersOf, exportsOf, inboundOf, senderOf, textOf } from './read-files.ts';

const lost = (where: string, what: string): Violation => ({ promise: 'lost', where, what });
const hidden = (value: unknown): boolean => typeof value === 'string' && /accept to view/i.test(value);

/** Nothing that either side said is missing on the other, unless the companion row says why. */
export function checkLosses(evidence: Evidence): readonly Violation[] {
  return [...unheard(evidence), ...records(evidence)];
}

/** Each record of each exported file has an outcome in the ledger. */
function unheard(evidence: Evidence): Violation[] {
  const outcomes = new Set(evidence.journal.filter(({ kind }) => kind === 'outboundRecord').map(({ id }) => id));
  const versions = [...outcomes].map((id) => /^(.*@[^@]*)@[^@]*#(\d+)$/.exec(id));
  const known = new Set(versions.map((match) => `${match?.[1]}#${match?.[2]}`));
  return exportsOf(evidence).flatMap(({ key, etag, records }) => {
    const outbound = key.replace('-outbound-archive/', '-outbound/');
    return records.flatMap((_, index) =>
      known.has(`${outbound}@${etag}#${index}`)
        ? []
        : [lost(`${outbound} record ${index}`, 'no outcome in the ledger')],
    );
  });
}

export interface Comparisons {
  /** Records that ACE exported. */
  readonly exported: number;
  /** Those whose values are not compared, because their rows say in words why both sides differ. */
  readonly explained: number;
}

/** How much the search for losses can see: records that say why they are where they are hide what they lost. */
export function countComparisons(evidence: Evidence): Comparisons {
  const rows = new Map(evidence.crm.rows.ACE_Sync__c.map((row) => [row.ACE_Id__c, row]));
  const exported = [...latestExports(evidence).keys()].map((aceId) => rows.get(aceId));
  const explained = exported.filter((row) => row !== undefined && explains(row));
  return { exported: exported.length, explained: explained.length };
}

function records(evidence: Evidence): Violation[] {
  const { Opportunity, Lead, ACE_Sync__c: rows } = evidence.crm.rows;
  const rowOfAceId = new Map(rows.map((row) => [row.ACE_Id__c, row]));
  const latest = latestExports(evidence);
  const sent = sentMarks(evidence);
  const found: Violation[] = [];
  for (const { object, aceId, fields } of evidence.ace.records) {
    const exported = latest.get(aceId);
    if (exported === undefined) continue;
    const record = [...Opportunity, ...Lead].find((one) => one.ACE_Id__c === aceId) ?? null;
    const row = rowOfAceId.get(aceId) ?? null;
    if (row === null) {
      found.push(lost(aceId, 'no companion row in the CRM'));
      continue;
    }
    const explained = explains(row);
    if (record === null) {
      if (!explained) found.push(lost(aceId, 'no CRM record, and no reason on its row'));
      continue;
    }
    if (String(record.ACE_Last_Modified__c ?? '') === '' || older(record, exported)) {
      if (!explained) found.push(lost(aceId, "the CRM holds an older version than ACE's last export"));
    }
    for (const { ace, crm, on, mirror, closedOnceOpen, comesIn } of editedFields[object]) {
      const theirs = markOf(fields[ace]);
      const ours = markOf((on === 'row' ? row : record)[crm]);
      const shown = mirror === undefined || hidden(exported[ace]) ? theirs : markOf(row[mirror]);
      if (!explained && theirs !== null && !same(shown, theirs)) {
        found.push(lost(aceId, `${mirror} does not show AWS's last value`));
      }
      if (explained || ours === null) continue;
      const due = ours.by === 'crm' && closedOnceOpen !== true && !same(ours, theirs);
      if (due && !sent.has(`${record.Id} ${ace} ${ours.number}`)) {
        found.push(lost(`${aceId} ${record.Id}`, `an edit of ${crm} never reached ACE`));
      }
      if (
        comesIn &&
        ours.by === 'aws' &&
        theirs?.by === 'aws' &&
        !hidden(exported[ace]) &&
        ours.number < theirs.number
      ) {
        found.push(lost(`${aceId} ${record.Id}`, `AWS's edit of ${ace} never reached ${crm}`));
      }
    }
  }
  return [...found, ...neverCreated(evidence)];
}

/** What people shared is at ACE, or its row says why not. */
function neverCreated(evidence: Evidence): Violation[] {
  const atAce = new Set(evidence.ace.records.flatMap(({ partnerId }) => partnerId ?? []));
  return evidence.crm.rows.ACE_Sync__c.flatMap((row) => {
    const crmId = textOf(row.Opportunity__c);
    const shared = row.Shared__c === true || textOf(row.Action__c) === 'Share';
    if (crmId === null || !shared || row.ACE_Id__c || atAce.has(crmId) || explains(row)) return [];
    return [lost(crmId, 'shared, but ACE does not know it and the row does not say why')];
  });
}

/** A row that says in words why its record is where it is. */
const explains = (row: Values): boolean => textOf(row.Reason_Code__c) !== null && textOf(row.Reason__c) !== null;

const same = (one: Mark | null, other: Mark | null): boolean =>
  one !== null && other !== null && one.by === other.by && one.number === other.number;

function older(record: Values, exported: Values): boolean {
  return Date.parse(String(record.ACE_Last_Modified__c)) < Date.parse(String(exported.lastModifiedDate));
}

/** The newest version of each record that ACE exported. */
export function latestExports(evidence: Evidence): ReadonlyMap<string, Values> {
  const latest = new Map<string, Values>();
  for (const { records } of exportsOf(evidence)) {
    for (const record of records) {
      const aceId = aceIdOf(record);
      const before = aceId === null ? undefined : latest.get(aceId);
      if (aceId === null || (before !== undefined && String(before.lastModifiedDate) > String(record.lastModifiedDate)))
        continue;
      latest.set(aceId, record);
    }
  }
  return latest;
}

/** `<CRM id> <ACE field> <number>` of every CRM value that ACE took. */
function sentMarks(evidence: Evidence): ReadonlySet<string> {
  const answers = answersOf(evidence);
  const sent = new Set<string>();
  for (const { name, records } of inboundOf(evidence)) {
    const recordId = senderOf(name)?.recordId;
    const results = answers.get(name);
    for (const [index, record] of records.entries()) {
      // Without an answer anywhere nobody but ACE's record itself can tell whether it was taken.
      if (results?.[index]?.isSuccess === false) continue;
      for (const [field, value] of Object.entries(record)) {
        const mark = markOf(value);
        if (mark?.by === 'crm') sent.add(`${recordId} ${field} ${mark.number}`);
      }
    }
  }
  return sent;
}
