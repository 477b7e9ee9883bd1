import { defineSearchAttributeKey, type SearchAttributePair, type TypedSearchAttributes } from '@temporalio/common';

/**
 * The typed search attributes of every ace-sync workflow: what the Web UI's lists and saved queries filter by. They are
 * stored in plain text, so ids and codes only, never personal data.
 */
const keys = {
  AceConnection: defineSearchAttributeKey('AceConnection', 'KEYWORD'),
  AceObject: defineSearchAttributeKey('AceObject', 'KEYWORD'),
  AceCrmId: defineSearchAttributeKey('AceCrmId', 'KEYWORD'),
  AceId: defineSearchAttributeKey('AceId', 'KEYWORD'),
  AceFile: defineSearchAttributeKey('AceFile', 'KEYWORD'),
  AceOutcome: defineSearchAttributeKey('AceOutcome', 'KEYWORD'),
  AceReason: defineSearchAttributeKey('AceReason', 'KEYWORD'),
} as const;

/** ACE ids of the records that are parked in a file: whatever ends a record's wait finds its file by it. */
const parkedIds = defineSearchAttributeKey('AceParkedIds', 'KEYWORD_LIST');

/** Ids that a parked file shows; ACE puts at most 50 records into a file. */
const mostParkedIds = 100;

export type SearchAttribute = keyof typeof keys;

/** `temporal.api.enums.v1.IndexedValueType`: a text that is compared as a whole, and a list of such texts. */
const indexedTypes = { KEYWORD: 2, KEYWORD_LIST: 7 } as const;

/** Every attribute with its type, as a namespace takes them. */
export const searchAttributeTypes: Readonly<Record<string, number>> = Object.fromEntries(
  [...Object.values(keys), parkedIds].map(({ name, type }) => [name, indexedTypes[type]]),
);
export const searchAttributeNames = Object.keys(searchAttributeTypes);

/** Pairs as the SDK takes them at start. */
export function searchAttributes(values: Partial<Record<SearchAttribute, string>>): SearchAttributePair[] {
  return Object.entries(values).map(([name, value]) => ({ key: keys[name as SearchAttribute], value }));
}

/** Pairs as `upsertSearchAttributes` takes them; null removes the attribute. */
export function searchAttributeUpdates(values: Partial<Record<SearchAttribute, string | null>>) {
  return Object.entries(values).map(([name, value]) => ({ key: keys[name as SearchAttribute], value: value ?? null }));
}

/** The update that says which records are parked; none removes the attribute. */
export function parkedIdsUpdate(aceIds: readonly string[]) {
  return { key: parkedIds, value: aceIds.length === 0 ? null : aceIds.slice(0, mostParkedIds) };
}

/** The value of an attribute of a listed or described workflow; null when it has none. */
export function searchAttributeOf(attributes: TypedSearchAttributes, name: SearchAttribute): string | null {
  return attributes.get(keys[name]) ?? null;
}
