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

export type SearchAttribute = keyof typeof keys;
export const searchAttributeNames = Object.keys(keys) as readonly SearchAttribute[];

/** Pairs as the SDK takes them at start. */
export function searchAttributes(values: Partial<Record<SearchAttribute, string>>): SearchAttributePair[] {
  return Object.entries(values).map(([name, value]) => ({ key: keys[name as SearchAttribute], value }));
}

/** Pairs as `upsertSearchAttributes` takes them; null removes the attribute. */
export function searchAttributeUpdates(values: Partial<Record<SearchAttribute, string | null>>) {
  return Object.entries(values).map(([name, value]) => ({ key: keys[name as SearchAttribute], value: value ?? null }));
}

/** The value of an attribute of a listed or described workflow; null when it has none. */
export function searchAttributeOf(attributes: TypedSearchAttributes, name: SearchAttribute): string | null {
  return attributes.get(keys[name]) ?? null;
}
