import type { CrmValue, Linked } from '../crm/crm.ts';
import type { Hasher } from './canonical.ts';
import type { CompiledField, ObjectMapping } from './compile.ts';
import { crmHash } from './linked-values.ts';
import type { ReceivedState } from './sync-state.ts';

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

export type ConflictAnswer = 'ours' | 'aws';

/** Side of a conflicting field that the CRM does not agree to: it equals no hash, so the field counts as changed. */
export const dueSide = '!';

/**
 * What a person's answer to the conflicts of a record does. `ours`: the fields count as changed here and are sent with
 * the next upload. `aws`: the values AWS showed are written to the record.
 * @returns writes for the record and the row (`Conflict__c` cleared), and `finish`, which gives the received state after
 * the writes from the record as read back. Null when there is nothing to answer.
 */
export function answerConflicts(input: {
  readonly mapping: ObjectMapping;
  readonly linked: Linked;
  readonly received: ReceivedState;
  readonly hash: Hasher;
  readonly answer: ConflictAnswer;
}): {
  readonly recordWrites: Record<string, CrmValue>;
  readonly rowWrites: Record<string, CrmValue>;
  readonly finish: (after: Linked) => ReceivedState;
} | null {
  const { mapping, linked, received, hash, answer } = input;
  const open = Object.entries(received.conflicts);
  if (open.length === 0) return null;
  const shownConflicts = new Map(readConflicts(linked.row?.fields.Conflict__c).map((one) => [one.key, one]));
  const fieldOf = (key: string): CompiledField | undefined => mapping.fields.find((field) => field.key === key);
  const recordWrites: Record<string, CrmValue> = {};
  const rowWrites: Record<string, CrmValue> = { Conflict__c: null, Conflict_Answer__c: null };
  const taken = new Set<string>();
  for (const [key] of open) {
    const field = fieldOf(key);
    const conflict = shownConflicts.get(key);
    if (answer !== 'aws' || field === undefined || conflict === undefined) continue;
    taken.add(key);
    if (field.rowField === null) recordWrites[field.crm] = conflict.aws;
    else rowWrites[field.rowField] = conflict.aws;
  }
  const answered = new Set(answer === 'ours' ? open.map(([key]) => key) : taken);
  if (answered.size === 0) return null;
  const left = [...shownConflicts.values()].filter((one) => !answered.has(one.key));
  rowWrites.Conflict__c = writeConflicts(left);
  return {
    recordWrites,
    rowWrites,
    finish: (after) => {
      const fields = { ...received.fields };
      for (const [key, conflict] of open.filter(([one]) => answered.has(one))) {
        const field = fieldOf(key);
        const crm = field !== undefined && taken.has(key) ? crmHash(field, after, hash) : dueSide;
        fields[key] = { ace: conflict.ace, crm, at: conflict.at };
      }
      const conflicts = Object.fromEntries(open.filter(([key]) => !answered.has(key)));
      return { ...received, fields, conflicts };
    },
  };
}
