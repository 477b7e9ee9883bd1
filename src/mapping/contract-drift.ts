import { type AceRecord, isBlank } from '../ace/ace-record.ts';
import { fieldDefinition } from '../ace/fields.ts';
import { isMasked } from '../ace/mask.ts';
import { splitValues, standardValues } from '../ace/picklists.ts';
import type { SharedObject } from '../crm/crm.ts';

/** Something in an export that the contract does not know: a field, or a standard value of a field that it knows. */
export interface ContractDrift {
  readonly object: SharedObject;
  readonly field: string;
  /** Null for an unknown field; else the value, which belongs to a list of AWS's and to no person. */
  readonly value: string | null;
}

/** Longest value that can be a standard value; what is longer is a text in the wrong field, and not kept. */
const longestValue = 120;

/** What the contract does not know of a record. Texts of people are never looked at: only fields with a list of values. */
export function contractDrift(object: SharedObject, record: AceRecord): readonly ContractDrift[] {
  return Object.entries(record).flatMap(([field, value]): ContractDrift[] => {
    if (fieldDefinition(object, field) === undefined) return [{ object, field, value: null }];
    const lists = [standardValues(object, 1, field), standardValues(object, 2, field)].filter((list) => list !== null);
    if (lists.length === 0 || isBlank(value) || isMasked(value)) return [];
    const known = new Set(lists.flat());
    if (known.has(String(value))) return [];
    return membersOf(value)
      .filter((member) => member !== '' && !known.has(member) && member.length <= longestValue)
      .map((member) => ({ object, field, value: member }));
  });
}

function membersOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? splitValues(value).map((member) => member.trim()) : [String(value)];
}
