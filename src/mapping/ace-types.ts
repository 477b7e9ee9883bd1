import type { PayloadVersion } from '../ace/ace-record.ts';
import { type FieldDefinition, fieldDefinition } from '../ace/fields.ts';
import type { SharedObject } from '../crm/crm.ts';

/** What the mapping needs of ACE's type of a field: how values compare, and how they are written. */
export type AceType =
  | { readonly kind: 'text'; readonly maxLength: number | null }
  | { readonly kind: 'pick' }
  /** Several values joined by `;`; their order does not matter. */
  | { readonly kind: 'list' }
  /** A JSON array of texts; its order does not matter. */
  | { readonly kind: 'array' }
  | { readonly kind: 'number'; readonly scale: number | null }
  | { readonly kind: 'date' }
  | { readonly kind: 'dateTime' };

/** Decimals that ACE keeps: Currency(18,0) and Currency(16,2) in V12; more are rounded before they are sent. */
const scales: Readonly<Record<string, number>> = { expectedMonthlyAwsRevenue: 0, customerSoftwareValue: 2 };

const newestVersion = (field: FieldDefinition) => field.versions[2] ?? field.versions[1];

/**
 * The type of a field over both payload versions: a field that takes several values in version 2 compares as a list in
 * version 1 too. A field that the contract does not hold is text, so that unknown fields pass unchanged.
 */
export function aceTypeOf(object: SharedObject, name: string): AceType {
  const definition = fieldDefinition(object, name);
  const type = definition === undefined ? undefined : newestVersion(definition)?.type;
  switch (type) {
    case 'pick':
      return { kind: 'pick' };
    case 'picks':
      return { kind: 'list' };
    case 'array':
      return { kind: 'array' };
    case 'money':
    case 'number':
      return { kind: 'number', scale: scales[name] ?? null };
    case 'date':
      return { kind: 'date' };
    case 'dateTime':
      return { kind: 'dateTime' };
    case 'text':
    case 'longText':
    case 'email':
    case 'phone':
    case 'url':
    case undefined:
      return { kind: 'text', maxLength: definition?.maxLength ?? null };
  }
}

/** True when ACE takes the field from partners at all, in this payload version; `null` asks for any version. */
export function aceTakes(object: SharedObject, name: string, version: PayloadVersion | null): boolean {
  const definition = fieldDefinition(object, name);
  if (definition === undefined || definition.direction === 'fromAce') return false;
  return version === null || definition.versions[version] !== undefined;
}

/** True for fields of several values, which are mapped member by member and compared without order. */
export const isListType = ({ kind }: AceType): boolean => kind === 'list' || kind === 'array';
