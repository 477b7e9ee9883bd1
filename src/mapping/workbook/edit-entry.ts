import { type Document, isMap, type YAMLMap, type YAMLSeq } from 'yaml';
import type { FieldEntry } from '../mapping-file.ts';
import { valueSentences } from './describe-changes.ts';
import type { ReadWorkbook } from './read-workbook.ts';
import { mapOfPairs, pairsOf, type ValuePair } from './value-pairs.ts';

/** Edits of single entries in the document of a mapping file; what they do not name keeps its place and its comments. */

type Cells = ReadWorkbook['fields']['opportunity'][number]['cells'];
type ValueRow = ReadWorkbook['values'][number];

/** Keys of an entry that people decide, with what a blank cell means; null: it may not be blank. */
const decided = [
  ['crm', null],
  ['direction', null],
  ['owner', 'ask'],
  ['firstSync', 'keepBoth'],
  ['note', ''],
] as const;

/** Writes the cells that differ from the entry. */
export function editRules(item: YAMLMap, before: FieldEntry, cells: Cells): void {
  for (const [key, blank] of decided) {
    const value = cells[key] === '' && blank !== null ? blank : cells[key];
    if (value === (before[key] ?? '')) continue;
    if (value === '' && key === 'note') item.delete(key);
    else item.set(key, value);
  }
}

/** Writes the value map that the rows make, and says in sentences what changes. */
export function editValues(
  document: Document,
  item: YAMLMap,
  before: FieldEntry,
  rows: readonly ValueRow[],
): readonly string[] {
  const pairs = rows.map(({ cells }): ValuePair => ({ ace: cells.aceValue, crm: cells.crmValue }));
  const after = mapOfPairs(pairs, before.values);
  const sentences = valueSentences(pairsOf(before.values), pairsOf(after));
  if (sentences.length === 0) return [];
  const values = item.get('values');
  if (after === undefined) item.delete('values');
  else if (isMap(values)) editMap(document, values, before.values ?? {}, after);
  else item.set('values', document.createNode(after, { flow: item.flow === true }));
  return sentences;
}

type Values = NonNullable<FieldEntry['values']>;

function editMap(document: Document, values: YAMLMap, before: Values, after: Values): void {
  for (const name of Object.keys(before)) {
    if (!Object.hasOwn(after, name)) values.delete(name);
  }
  for (const [name, value] of Object.entries(after)) {
    if (JSON.stringify(before[name]) !== JSON.stringify(value))
      values.set(name, document.createNode(value, { flow: true }));
  }
}

/** Adds a row's field at the end of the list, in one line. */
export function addEntry(document: Document, list: YAMLSeq, cells: Cells): YAMLMap {
  const entry: Record<string, string> = { ace: cells.ace };
  for (const [key, blank] of decided) {
    if (blank === null || (cells[key] !== '' && cells[key] !== blank)) entry[key] = cells[key];
  }
  const item: YAMLMap = document.createNode(entry, { flow: true });
  list.items.push(item);
  return item;
}

/** Takes an entry out. A comment above it is a heading of what follows, and stays. */
export function removeEntry(list: YAMLSeq, item: YAMLMap): void {
  const position = list.items.indexOf(item);
  const next = list.items[position + 1];
  if (isMap(next) && item.commentBefore) {
    next.commentBefore = [item.commentBefore, next.commentBefore].filter(Boolean).join('\n');
    next.spaceBefore = item.spaceBefore ?? false;
  }
  list.items.splice(position, 1);
}
