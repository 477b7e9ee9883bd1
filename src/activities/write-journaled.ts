import type { WriteOutcome } from '../crm/crm.ts';
import type { ChangeLine, ConfirmationLine } from '../journal/journal.ts';
import type { Dependencies } from './dependencies.ts';

export type FieldChange = Omit<ChangeLine, 'at' | 'connection'>;
export type JournalingDependencies = Pick<Dependencies, 'journal' | 'config' | 'now'>;

/** Takes what the CRM said to some of the announced changes, and the id of the record that it made for them. */
export type NoteAnswer = (changes: readonly FieldChange[], answer: WriteOutcome['kind'], made?: string | null) => void;

/** Stands for the id of a record that is yet to be made. */
export const newRecord = (key: string | null): string => `new:${key}`;

/** Fields that hold the new value already are no changes. */
const isChange = ({ before, after }: FieldChange): boolean => before !== after;

/** Notes field changes in the journal, before the CRM write that they describe. */
export async function announce(
  { journal, config, now }: JournalingDependencies,
  fields: readonly FieldChange[],
): Promise<void> {
  const at = now().toISOString();
  await journal.recordChanges(
    fields.filter(isChange).map((change) => ({ ...change, at, connection: config.connection })),
  );
}

/**
 * Notes field changes in the journal, makes the CRM writes that they describe, and notes what the CRM said to each
 * (design.md, promise 10): all with one append before and one after, also where a later one of the writes fails.
 */
export async function announced<T>(
  deps: JournalingDependencies,
  fields: readonly FieldChange[],
  writes: (answered: NoteAnswer) => Promise<T>,
): Promise<T> {
  await announce(deps, fields);
  const answers: ConfirmationLine[] = [];
  const answered: NoteAnswer = (changes, answer, made = null) => {
    // A value that is in place was written by an attempt that died before it could say so.
    const ids = changes.filter((change) => answer === 'written' || isChange(change)).map(({ id }) => id);
    const at = deps.now().toISOString();
    if (ids.length > 0) answers.push({ ids, at, answer, ...(made === null ? {} : { crmId: made }) });
  };
  try {
    return await writes(answered);
  } finally {
    await deps.journal.confirmChanges(answers);
  }
}

/** One write of the CRM with the changes that it makes. */
export async function writeJournaled(
  deps: JournalingDependencies,
  fields: readonly FieldChange[],
  write: () => Promise<WriteOutcome>,
): Promise<WriteOutcome> {
  return announced(deps, fields, async (answered) => {
    const outcome = await write();
    answered(fields, outcome.kind);
    return outcome;
  });
}
