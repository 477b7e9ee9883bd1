/**
 * What ACE's error texts mean for the upload that they answer. The texts hold e-mails and values, so they are matched and
 * never copied: a problem for people is made of our own words.
 */

import type { Problem } from '../errors.ts';
import { listLabels, opportunityFields, requiredLabels } from './fields.ts';
import { type MessagePattern, messagePatterns, type ResultClass } from './message-patterns.ts';
import type { RecordResult } from './processed-result.ts';

export type { ResultClass } from './message-patterns.ts';

export interface ClassifiedMessage {
  readonly class: ResultClass;
  /** Stable code of the pattern; `ACE_UNKNOWN_MESSAGE` when none fits. */
  readonly code: string;
  /** The field to correct, where one is to blame. */
  readonly field?: string;
  /** Every field that a "Required: …" line names and the contract knows. */
  readonly fields: readonly string[];
  readonly problem: Problem;
}

/** Longer texts are cut before matching: a rejected file comes back inside its own error. */
const longestText = 4_000;

const unknownMessage: MessagePattern = {
  code: 'ACE_UNKNOWN_MESSAGE',
  pattern: /^/,
  class: 'unknown',
  message: 'ACE refused the record with a text that is not in the contract.',
  fix: 'Read the text in the archived result file, correct the record, and report the text so that it can be added.',
  fixBy: 'engineer',
};

/** Reads one text of `errors`. Never throws; the text itself is not kept. */
export function classifyResultMessage(text: string): ClassifiedMessage {
  const cut = text.slice(0, longestText).trim();
  const found = messagePatterns.find(({ pattern }) => pattern.test(cut)) ?? unknownMessage;
  const fields = found.code === 'ACE_REQUIRED' ? requiredFields(cut) : labelledField(found, cut);
  const field = found.field ?? fields[0];
  const named = fields.length > 1 ? ` Fields: ${fields.join(', ')}.` : '';
  return {
    class: found.class,
    code: found.code,
    ...(field === undefined ? {} : { field }),
    fields,
    problem: {
      code: found.code,
      ...(field === undefined ? {} : { field }),
      message: `${found.message}${named}`,
      fix: found.fix,
      fixBy: found.fixBy,
    },
  };
}

const fieldsByLabel: ReadonlyMap<string, string> = new Map([
  ...opportunityFields
    .filter(({ label }) => label !== '')
    .map(({ label, name }) => [label.toLowerCase(), name] as const),
  ...Object.entries({ ...requiredLabels, ...listLabels }).map(([name, label]) => [label.toLowerCase(), name] as const),
]);

function requiredFields(text: string): readonly string[] {
  const labels = text.replace(/^required\s*:/i, '').split(';');
  return labels.flatMap((label) => fieldsByLabel.get(label.trim().toLowerCase()) ?? []);
}

/** The field whose label the text names, for patterns that catch it as `label`. */
function labelledField(found: MessagePattern, text: string): readonly string[] {
  const label = found.pattern.exec(text)?.groups?.label;
  const field = label === undefined ? undefined : fieldsByLabel.get(label.trim().toLowerCase());
  return field === undefined ? [] : [field];
}

/** Which class speaks for a row with several texts: what a person must do comes before what ends by itself. */
const weight: Readonly<Record<ResultClass, number>> = {
  needsPerson: 6,
  unknown: 5,
  duplicateName: 4,
  waitForReview: 3,
  tryAgain: 2,
  alreadySo: 1,
  accepted: 0,
};

export interface ClassifiedResult {
  readonly class: ResultClass;
  /** One entry per text, the weightiest first; empty when accepted. */
  readonly messages: readonly ClassifiedMessage[];
}

/** The class of a row of a processed result. A refused row without texts is unknown. */
export function classifyRecordResult(row: Pick<RecordResult, 'isSuccess' | 'errors'>): ClassifiedResult {
  if (row.isSuccess) return { class: 'accepted', messages: [] };
  const texts = row.errors.length === 0 ? [''] : row.errors;
  const messages = texts.map(classifyResultMessage).sort((a, b) => weight[b.class] - weight[a.class]);
  return { class: messages[0]?.class ?? 'unknown', messages };
}
