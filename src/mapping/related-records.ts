import type { AceRecord } from '../ace/ace-record.ts';
import { isMasked } from '../ace/life-cycle.ts';
import type { CrmFields, CrmValue, Linked } from '../crm/crm.ts';
import type { Hasher } from './canonical.ts';
import type { ObjectMapping } from './compile.ts';
import type { ObjectEntry } from './mapping-file.ts';

/** The records beside a shared one: its account, and the customer's contact. Each is found by a key, or made. */

export type RelatedKind = 'account' | 'contact';

/** What is the same for all records of a kind. */
export interface RelatedTraits {
  readonly sobject: string;
  /** Field without which Salesforce takes no new record. */
  readonly needs: string;
  /** Field by whose value a record that people made is taken. */
  readonly matchedBy: string;
  /** Several parts make one key; a person's key is a hash, because it goes where no e-mail may (design.md, promise 9). */
  readonly keyOf: (parts: readonly string[], hash: Hasher) => string;
}

export const relatedTraits: Readonly<Record<RelatedKind, RelatedTraits>> = {
  account: {
    sobject: 'Account',
    needs: 'Name',
    matchedBy: 'Name',
    keyOf: (parts) => (parts[0] === undefined || plainWords(parts[0]) === '' ? '' : parts.map(plainWords).join('|')),
  },
  contact: {
    sobject: 'Contact',
    needs: 'LastName',
    matchedBy: 'Email',
    keyOf: (parts, hash) => hash('Contact', 'ace', parts.map((part) => part.toLowerCase()).join('|')),
  },
};

/** A related record as the mapping wants it. */
export interface RelatedRule {
  readonly kind: RelatedKind;
  /** Lookup field of the shared record. */
  readonly reference: string;
  readonly externalId: string;
  readonly keyedBy: readonly string[];
  readonly fields: Readonly<Record<string, string>>;
  readonly matches: boolean;
  /** Lookup of a new record to another related record of the shared one, and that one's own lookup field. */
  readonly parent: { readonly field: string; readonly reference: string } | null;
}

/** In the order in which they are settled: the contact belongs to the account. */
export function relatedRules({ account, contact }: ObjectEntry): readonly RelatedRule[] {
  const rules: RelatedRule[] = [];
  if (account !== undefined) rules.push({ ...account, kind: 'account', matches: account.byName, parent: null });
  if (contact !== undefined) {
    const parent = { field: 'AccountId', reference: account?.reference ?? 'AccountId' };
    rules.push({ ...contact, kind: 'contact', matches: contact.byEmail, parent });
  }
  return rules;
}

/** A record beside the shared one that must exist first, made by upsert on an external id (design.md, rule 10). */
export interface RelatedWrite {
  readonly kind: RelatedKind;
  readonly sobject: string;
  readonly externalId: string;
  readonly value: string;
  /** Only to be written where no such record exists: one that is there keeps what people wrote on it. */
  readonly fields: CrmFields;
  /** Lookup field of the shared record that names it; already part of `recordWrites`. */
  readonly reference: string;
  /** The value of a field by which a record without the external id is taken; null when none may be. */
  readonly matchedBy: { readonly field: string; readonly value: string } | null;
  /** What a new record belongs to: `now` is the record that the shared one names in `reference` before this export. */
  readonly parent: { readonly field: string; readonly reference: string; readonly now: CrmValue } | null;
}

/** The related records of a new AWS record, or of one that has none yet because AWS hid the customer until now. */
export function planRelated(
  mapping: ObjectMapping,
  record: AceRecord,
  { record: linked }: Linked,
  hash: Hasher,
): readonly RelatedWrite[] {
  if (linked !== null && record.opportunityOwnership !== 'AWS Referral') return [];
  return mapping.related.flatMap((rule): readonly RelatedWrite[] => {
    const { kind, externalId, reference, keyedBy, matches, parent } = rule;
    if ((linked?.fields[reference] ?? null) !== null) return [];
    const { sobject, needs, matchedBy, keyOf } = relatedTraits[kind];
    if (keyedBy.some((name) => isMasked(record[name])) || textOf(record[keyedBy[0] ?? '']) === null) return [];
    const value = keyOf(
      keyedBy.map((name) => textOf(record[name]) ?? ''),
      hash,
    ).slice(0, maxKeyLength);
    const fields = Object.fromEntries(
      Object.entries(rule.fields).flatMap(([name, ace]) => {
        const text = textOf(record[ace]);
        return text === null ? [] : [[name, text] as const];
      }),
    );
    if (value === '' || fields[needs] === undefined) return [];
    const match = matches ? fields[matchedBy] : undefined;
    return [
      {
        kind,
        sobject,
        externalId,
        value,
        fields,
        reference,
        matchedBy: match === undefined ? null : { field: matchedBy, value: match },
        parent: parent === null ? null : { ...parent, now: linked?.fields[parent.reference] ?? null },
      },
    ];
  });
}

/** A text that AWS shows, without surrounding blanks. */
const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' && !isMasked(value) ? value.trim() : null;

/** Salesforce's longest external id. */
const maxKeyLength = 255;

/** One customer, one key: case, accents and punctuation aside. */
const plainWords = (value: string): string =>
  value
    .normalize('NFKD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, ' ')
    .trim();
