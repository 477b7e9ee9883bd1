import { type Document, isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { type SharedObject, sharedObjects } from '../../crm/crm.ts';
import type { Problem } from '../../errors.ts';
import { type FieldEntry, type MappingFile, parseMappingFile, readMappingFile } from '../mapping-file.ts';
import { entryName } from './columns.ts';
import { type FieldChange, fieldSentences } from './describe-changes.ts';
import { addEntry, editRules, editValues, removeEntry } from './edit-entry.ts';
import { keepLines } from './keep-lines.ts';
import { placeText, problemAt } from './places.ts';
import type { ReadWorkbook } from './read-workbook.ts';

export type WorkbookChanges =
  | { readonly ok: true; readonly text: string; readonly changes: readonly FieldChange[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

type FieldRow = ReadWorkbook['fields'][SharedObject][number];
type ValueRow = ReadWorkbook['values'][number];

/** An entry of the edited file, with the rows that speak of it. */
interface Entry {
  readonly ace: string;
  readonly row: FieldRow | null;
  readonly pairs: readonly ValueRow[];
}

interface ObjectEdit {
  readonly object: SharedObject;
  /** In the order of the edited file. */
  readonly entries: readonly Entry[];
  readonly changes: readonly FieldChange[];
  readonly problems: readonly Problem[];
}

/** Lines are not broken: a broken line would be a change that nobody decided. */
const rendering = { lineWidth: 0 } as const;

/**
 * Edits a mapping file to what the workbook says. What the workbook does not hold stays, comments too, and an entry whose
 * row is missing stays as it is.
 * @param text a mapping file without problems.
 * @throws MAPPING_INVALID
 */
export function applyWorkbook(text: string, workbook: ReadWorkbook): WorkbookChanges {
  const before = readMappingFile(text);
  const document = parseDocument(text);
  const edits = sharedObjects.map((object) => editObject(document, object, before, workbook));
  const problems = edits.flatMap((edit) => edit.problems);
  if (problems.length > 0) return { ok: false, problems };
  const changes = edits.flatMap((edit) => edit.changes);
  if (changes.length === 0) return { ok: true, text, changes };
  const edited = keepLines(text, parseDocument(text).toString(rendering), document.toString(rendering));
  const parsed = parseMappingFile(edited);
  if (!parsed.ok) return { ok: false, problems: parsed.problems.map((problem) => inWorkbook(problem, edits)) };
  return { ok: true, text: edited, changes };
}

function editObject(
  document: Document,
  object: SharedObject,
  { [object]: { fields, leftOut = {} } }: MappingFile,
  workbook: ReadWorkbook,
): ObjectEdit {
  const problems: Problem[] = [];
  const changes: FieldChange[] = [];
  const entries: Entry[] = [];
  const rows = workbook.fields[object];
  const rowOf = rowsByEntry(object, fields, rows, problems);
  const list = document.getIn([object, 'fields']);
  if (!isSeq(list)) return { object, entries, changes, problems };
  const items = [...list.items];
  for (const [index, before] of fields.entries()) {
    const name = entryName(object, before);
    const [item, row] = [items[index], rowOf.get(name) ?? null];
    if (!isMap(item)) continue;
    const { ace, crm } = before;
    if (row !== null && isLeftOut(row)) {
      removeEntry(list, item);
      changes.push({ object, ace, crm, change: 'leftOut', sentences: ['no longer mapped'] });
      continue;
    }
    const pairs = workbook.values.filter(({ cells }) => cells.entry === name);
    const sentences = editEntry(document, item, before, row, pairs);
    entries.push({ ace, row, pairs });
    if (sentences.length > 0) changes.push({ object, ace, crm, change: 'changed', sentences });
  }
  for (const row of rows.filter((one) => one.cells.entry === '' && !isLeftOut(one))) {
    const { ace, crm } = row.cells;
    addEntry(document, list, row.cells);
    entries.push({ ace, row, pairs: [] });
    changes.push({ object, ace, crm, change: 'mapped', sentences: fieldSentences(null, row.cells) });
  }
  const mapped = new Set(entries.map(({ ace }) => ace));
  changes.push(...editLeftOut(document, object, leftOut, rows, mapped));
  return { object, entries, changes, problems };
}

const isLeftOut = ({ cells }: FieldRow): boolean => cells.crm === '' && cells.direction === '';

function rowsByEntry(
  object: SharedObject,
  fields: readonly FieldEntry[],
  rows: readonly FieldRow[],
  problems: Problem[],
): ReadonlyMap<string, FieldRow> {
  const known = new Map(fields.map((field) => [entryName(object, field), field.ace]));
  const found = new Map<string, FieldRow>();
  const say = ({ place }: FieldRow, key: 'ace' | 'entry', message: string) =>
    problems.push(problemAt(place(key), message));
  for (const row of rows.filter(({ cells }) => cells.entry !== '')) {
    const { entry } = row.cells;
    const [ace, first] = [known.get(entry), found.get(entry)];
    if (ace === undefined)
      say(row, 'entry', 'the mapping has no such entry. Export the workbook again, or clear the cell to add one.');
    else if (first !== undefined)
      say(row, 'entry', `the entry stands in ${placeText(first.place('entry'))} too. Clear the cell to add one.`);
    else {
      found.set(entry, row);
      if (row.cells.ace !== ace) say(row, 'ace', `expected ${ace}. Clear the cell "Entry" to map another field.`);
    }
  }
  return found;
}

function editEntry(
  document: Document,
  item: YAMLMap,
  before: FieldEntry,
  row: FieldRow | null,
  pairs: readonly ValueRow[],
): readonly string[] {
  if (row !== null) editRules(item, before, row.cells);
  return [
    ...(row === null ? [] : fieldSentences(before, row.cells)),
    ...(pairs.length === 0 ? [] : editValues(document, item, before, pairs)),
  ];
}

/** Who decided that a field is not mapped stands in the file too. */
function editLeftOut(
  document: Document,
  object: SharedObject,
  before: Readonly<Record<string, string>>,
  rows: readonly FieldRow[],
  mapped: ReadonlySet<string>,
): readonly FieldChange[] {
  const notes = new Map(rows.filter(isLeftOut).map(({ cells }) => [cells.ace, cells.note]));
  const names = new Set([...Object.keys(before), ...notes.keys()]);
  return [...names].flatMap((ace): readonly FieldChange[] => {
    const was = before[ace] ?? '';
    const is = mapped.has(ace) ? '' : (notes.get(ace) ?? was);
    if (is === was) return [];
    if (is === '') document.deleteIn([object, 'leftOut', ace]);
    else document.setIn([object, 'leftOut', ace], is);
    const sentence = is === '' ? 'no remark any more' : `not mapped: ${is}`;
    return mapped.has(ace) ? [] : [{ object, ace, crm: null, change: 'remark', sentences: [sentence] }];
  });
}

/** Part of an entry in the mapping file to the column that it comes from. */
const columnOf = {
  ace: 'ace',
  crm: 'crm',
  direction: 'direction',
  owner: 'owner',
  firstSync: 'firstSync',
  note: 'note',
} as const;

/** A problem of the edited file where people can correct it; one of the file itself stays there. */
function inWorkbook(problem: Problem, edits: readonly ObjectEdit[]): Problem {
  const [, object, index, part = '', rest = ''] =
    /^(opportunity|lead)\.fields\[(\d+)\](?:\.(\w+))?(?:\.(.*))?$/.exec(problem.field ?? '') ?? [];
  const entry = edits.find((edit) => edit.object === object)?.entries[Number(index)];
  if (entry === undefined) return problem;
  const message = problem.message.slice(`${problem.field}: `.length);
  const pair = part === 'values' ? entry.pairs.find(({ cells }) => cells.aceValue === rest) : undefined;
  if (pair !== undefined) return problemAt(pair.place('aceValue'), message);
  if (entry.row === null) return problem;
  const column = Object.hasOwn(columnOf, part) ? columnOf[part as keyof typeof columnOf] : 'crm';
  return problemAt(entry.row.place(column), message);
}
