import type { SharedObject } from '../../crm/crm.ts';
import type { FieldEntry } from '../mapping-file.ts';
import { directionWords, firstSyncWords, ownerWords } from '../rule-words.ts';
import type { ReadWorkbook } from './read-workbook.ts';
import type { ValuePair } from './value-pairs.ts';

/** What an import does to one field, in sentences for the people who decided it. */
export interface FieldChange {
  readonly object: SharedObject;
  readonly ace: string;
  /** CRM path before the change; of a new entry, its own. Null for a remark on a field that is not mapped. */
  readonly crm: string | null;
  readonly change: 'changed' | 'mapped' | 'leftOut' | 'remark';
  readonly sentences: readonly string[];
}

type Cells = ReadWorkbook['fields'][SharedObject][number]['cells'];

/** The word's meaning, or what somebody wrote in its place. */
const said = (words: Readonly<Record<string, string>>, word: string): string => words[word] ?? `"${word}"`;

/** How an entry's own rules change; of a new entry, what they are. */
export function fieldSentences(before: FieldEntry | null, cells: Cells): readonly string[] {
  const [owner, firstSync] = [cells.owner || 'ask', cells.firstSync || 'keepBoth'];
  const lines: readonly (readonly [was: string | undefined, is: string, sentence: (value: string) => string])[] = [
    [before?.crm, cells.crm, (path) => `CRM field ${path === '' ? 'none' : path}`],
    [before?.direction, cells.direction, (word) => said(directionWords, word)],
    [before?.owner, owner, (word) => `both changed: ${said(ownerWords, word)}`],
    [before?.firstSync, firstSync, (word) => `first sync ${said(firstSyncWords, word)}`],
    [
      before === null ? undefined : (before.note ?? ''),
      cells.note,
      (note) => (note === '' ? 'undecided' : `decided: ${note}`),
    ],
  ];
  return lines.flatMap(([was, is, sentence]) => {
    if (was === is) return [];
    return [was === undefined ? sentence(is) : `${sentence(was)} -> ${sentence(is)}`];
  });
}

/** How a value map changes. */
export function valueSentences(before: readonly ValuePair[], after: readonly ValuePair[]): readonly string[] {
  const text = ({ ace, crm }: ValuePair): string => `"${crm}" of the CRM and "${ace}" of AWS`;
  const [was, is] = [new Set(before.map(text)), new Set(after.map(text))];
  const writtenBefore = firstOf(before);
  const rewritten = [...firstOf(after)].filter(
    ([ace, crm]) => writtenBefore.has(ace) && writtenBefore.get(ace) !== crm && was.has(text({ ace, crm })),
  );
  return [
    ...[...was].filter((pair) => !is.has(pair)).map((pair) => `${pair} no longer stand for each other`),
    ...[...is].filter((pair) => !was.has(pair)).map((pair) => `${pair} stand for each other`),
    ...rewritten.map(([ace, crm]) => `"${ace}" of AWS is written as "${crm}" in the CRM`),
  ];
}

/** The CRM value that is written for each value of AWS: the first. */
function firstOf(pairs: readonly ValuePair[]): ReadonlyMap<string, string> {
  return new Map(pairs.toReversed().map(({ ace, crm }) => [ace, crm]));
}
