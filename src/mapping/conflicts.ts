import type { CrmValue, Linked } from '../crm/crm.ts';
import type { Hasher } from './canonical.ts';
import type { ObjectMapping } from './compile.ts';
import { crmHash } from './linked-values.ts';
import { type FieldKey, type Half, justAfter, openConflict, type ReceivedState, type SentState } from './sync-state.ts';

/**
 * Fields that both sides changed, for a person to decide. `Conflict__c` shows both values in words, and carries them
 * once more as JSON after a line of dashes, so that "Take AWS's" needs no file that AWS has long deleted.
 */
export interface Conflict {
  readonly key: string;
  readonly label: string;
  readonly path: string;
  readonly ours: CrmValue;
  readonly aws: CrmValue;
}

const divider = '\n----\n';
/** Length of `Conflict__c`. */
const maxLength = 32_000;
const shown = (value: CrmValue): string => {
  const text = value === null ? '(empty)' : String(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
};

/** The text of `Conflict__c`; null when nothing is in conflict. */
export function writeConflicts(conflicts: readonly Conflict[]): string | null {
  if (conflicts.length === 0) return null;
  const words = conflicts.map(({ label, ours, aws }) => `${label}: ours ${shown(ours)}, AWS ${shown(aws)}`).join('\n');
  const text = words + divider + JSON.stringify(conflicts);
  return text.length <= maxLength ? text : words.slice(0, maxLength);
}

/** The conflicts a row shows; a text somebody changed gives none. */
export function readConflicts(text: CrmValue | undefined): readonly Conflict[] {
  if (typeof text !== 'string' || !text.includes(divider)) return [];
  try {
    const parsed: unknown = JSON.parse(text.slice(text.indexOf(divider) + divider.length));
    return Array.isArray(parsed) ? parsed.filter(isConflict) : [];
  } catch {
    return [];
  }
}

const isConflict = (value: unknown): value is Conflict =>
  typeof value === 'object' && value !== null && 'key' in value && 'path' in value && 'aws' in value && 'ours' in value;

/** Which side a person chose: `Conflict_Answer__c`. */
export type ConflictAnswer = 'crm' | 'ace';

/** Side of a conflicting field that the CRM does not agree to: it equals no hash, so the field counts as changed. */
export const dueSide = '!';

export interface AnsweredConflicts {
  /** Values that AWS showed, for the CRM record; empty with the answer `crm`. */
  readonly recordWrites: Readonly<Record<string, CrmValue>>;
  /** Values that AWS showed, for fields of the row, among `rowWrites`; empty with the answer `crm`. */
  readonly valuesOnRow: Readonly<Record<string, CrmValue>>;
  /** The row without the answered conflicts. */
  readonly rowWrites: Readonly<Record<string, CrmValue>>;
  /** Halves for the sent state (`withBaseline`), from record and row as read back after the writes. */
  readonly baselineAfter: (after: Linked) => Readonly<Record<FieldKey, Half>>;
}

/**
 * What a person's answer to the conflicts of a record does, for `uploadRecord`, which writes the sent state only.
 * `crm`: the fields count as changed here, so the next plan sends them. `ace`: the values AWS showed are written, and
 * agreed on. Null when nothing is open, or `Conflict__c` no longer holds AWS's values.
 */
export function answerConflicts(input: {
  readonly mapping: ObjectMapping;
  readonly linked: Linked;
  readonly sent: SentState | null;
  readonly received: ReceivedState | null;
  readonly hash: Hasher;
  readonly answer: ConflictAnswer;
}): AnsweredConflicts | null {
  const { mapping, linked, sent, received, hash, answer } = input;
  const shown = new Map(readConflicts(linked.row?.fields.Conflict__c).map((one) => [one.key, one]));
  const open = mapping.fields.flatMap((field) => {
    const conflict = openConflict(sent, received, field.key);
    const values = shown.get(field.key);
    return conflict === null || (answer === 'ace' && values === undefined) ? [] : [{ field, conflict, values }];
  });
  if (open.length === 0) return null;
  const recordWrites: Record<string, CrmValue> = {};
  const valuesOnRow: Record<string, CrmValue> = {};
  for (const { field, values } of answer === 'ace' ? open : []) {
    if (field.rowField === null) recordWrites[field.crm] = values?.aws ?? null;
    else valuesOnRow[field.rowField] = values?.aws ?? null;
  }
  const answered = new Set(open.map(({ field }) => field.key));
  const left = [...shown.values()].filter(({ key }) => !answered.has(key));
  return {
    recordWrites,
    valuesOnRow,
    rowWrites: { ...valuesOnRow, Conflict__c: writeConflicts(left), Conflict_Answer__c: null },
    baselineAfter: (after) =>
      Object.fromEntries(
        open.map(({ field, conflict }) => {
          const crm = answer === 'ace' ? crmHash(field, after, hash) : dueSide;
          return [field.key, { ace: conflict.ace, crm, at: justAfter(conflict.at) }];
        }),
      ),
  };
}
