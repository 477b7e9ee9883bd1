import type { WriteOutcome } from '../crm/crm.ts';
import type { ChangeLine } from '../journal/journal.ts';
import type { Dependencies } from './dependencies.ts';

export type FieldChange = Omit<ChangeLine, 'at' | 'connection'>;

/**
 * Notes field changes in the journal, makes the CRM write that they describe, and notes what the CRM said (design.md,
 * promise 10). Fields that hold the new value already are no changes, but are confirmed: after a kill between the write
 * and its confirmation, the repeated attempt finds the values in place.
 */
export async function writeJournaled(
  { journal, config, now }: Pick<Dependencies, 'journal' | 'config' | 'now'>,
  fields: readonly FieldChange[],
  write: () => Promise<WriteOutcome>,
): Promise<WriteOutcome> {
  const at = now().toISOString();
  const changes = fields.filter(({ before, after }) => before !== after);
  await journal.recordChanges(changes.map((change) => ({ ...change, at, connection: config.connection })));
  const outcome = await write();
  await journal.confirmChanges({ ids: fields.map(({ id }) => id), at: now().toISOString(), answer: outcome.kind });
  return outcome;
}
