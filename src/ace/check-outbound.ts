/**
 * The lenient look at a record that ACE exported: only a missing identity is an error. Everything else that the contract does
 * not know is a warning, because AWS adds fields and values, and no record may be lost over that.
 */

import { type AceObject, type AceRecord, isBlank, payloadVersions } from './ace-record.ts';
import { type FieldDefinition, fieldDefinition } from './fields.ts';
import { identityOf, isAceId } from './identity.ts';
import { isMasked } from './mask.ts';
import { picklists } from './picklists.ts';
import type { RuleProblem } from './rule-problem.ts';

const drift = { severity: 'warning', fixBy: 'engineer' } as const;
const report = 'Nothing at once: the record is processed. Compare the contract with what AWS publishes.';

/** Standard values of any payload version: exports hold old values beside new ones. */
const listed: Readonly<Record<AceObject, ReadonlyMap<string, ReadonlySet<string>>>> = {
  opportunity: valuesOf('opportunity'),
  lead: valuesOf('lead'),
};

function valuesOf(object: AceObject): ReadonlyMap<string, ReadonlySet<string>> {
  const all = new Map<string, Set<string>>();
  for (const version of payloadVersions) {
    for (const [field, list] of Object.entries(picklists[object][version])) {
      all.set(field, new Set([...(all.get(field) ?? []), ...list]));
    }
  }
  return all;
}

export function checkOutboundRecord(object: AceObject, record: AceRecord): readonly RuleProblem[] {
  const problems: RuleProblem[] = [];
  const { aceId } = identityOf(object, record);
  if (aceId === null || !isAceId(object, aceId)) {
    problems.push({
      code: aceId === null ? 'ACE_ID_ABSENT' : 'ACE_ID_UNUSUAL',
      field: 'apnCrmUniqueIdentifier',
      message:
        aceId === null ? 'The record has no ACE identifier.' : "The record's ACE identifier has not the usual form.",
      fix: aceId === null ? 'Report the file to AWS.' : report,
      fixBy: 'aws',
      severity: aceId === null ? 'error' : 'warning',
    });
  }
  const { lastModifiedDate } = record;
  if (typeof lastModifiedDate !== 'string' || Number.isNaN(Date.parse(lastModifiedDate))) {
    problems.push({
      ...drift,
      code: 'ACE_NO_LAST_MODIFIED',
      field: 'lastModifiedDate',
      message: 'The record has no readable time of its last change, so its age is judged by the file.',
      fix: report,
    });
  }
  for (const [name, value] of Object.entries(record)) {
    const field = fieldDefinition(object, name);
    if (field === undefined) {
      const shown = /^[A-Za-z_][A-Za-z0-9_]{0,79}$/.test(name);
      problems.push({
        ...drift,
        code: 'ACE_NEW_FIELD',
        ...(shown ? { field: name } : {}),
        message: 'The record holds a field that the contract does not know; it is kept.',
        fix: report,
      });
    } else if (!isBlank(value) && !isMasked(value)) {
      problems.push(...valueProblems(object, field, value));
    }
  }
  return problems;
}

function valueProblems(object: AceObject, field: FieldDefinition, value: unknown): readonly RuleProblem[] {
  const { type } = field.versions[2] ?? field.versions[1] ?? { type: 'text' };
  const name = field.name;
  const number = type === 'money' || type === 'number';
  const fits = number
    ? typeof value === 'number' || (typeof value === 'string' && Number.isFinite(Number(value)))
    : type === 'array'
      ? Array.isArray(value) || typeof value === 'string'
      : typeof value === 'string';
  if (!fits) {
    const message = `The value is of another JSON type than the contract has for a field of type ${type}.`;
    return [{ ...drift, code: 'ACE_NEW_TYPE', field: name, message, fix: report }];
  }
  if ((type === 'date' || type === 'dateTime') && Number.isNaN(Date.parse(String(value)))) {
    return [
      { ...drift, code: 'ACE_NEW_DATE', field: name, message: 'The value is no date that can be read.', fix: report },
    ];
  }
  const list = listed[object].get(name);
  const held = Array.isArray(value) ? value : String(value).split(';');
  if (list === undefined || list.has(String(value)) || held.every((entry) => list.has(String(entry)))) return [];
  const message = 'The value is not among the standard values; it is kept.';
  return [{ ...drift, code: 'ACE_NEW_VALUE', field: name, message, fix: report }];
}
