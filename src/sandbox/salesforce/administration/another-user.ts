import { systemAccess } from '../org/access.ts';
import type { Org } from '../org/org.ts';
import { toId18 } from '../org/record-id.ts';
import { errors } from '../org/salesforce-error.ts';
import type { Values } from '../org/schema.ts';
import { readRecordInput } from '../records/record-input.ts';
import { type SaveOutcome, saveRecords } from '../records/save-records.ts';

/** Somebody in sales, who edits records between other people's reads and writes. */
export const anotherUsername = 'sales.person@example.com';

export function anotherUserId(org: Org): string {
  for (const row of org.store.table('User').values()) if (row.values.Username === anotherUsername) return row.id;
  throw errors.noSuchRecord(anotherUsername);
}

/** Saves an edit as another user does in the browser; rules and automation apply, injected faults do not. */
export function editAsAnotherUser(org: Org, rawId: string, values: Readonly<Values>): SaveOutcome {
  const id = toId18(rawId);
  const object = id === null ? undefined : org.schema.objectOfId(id);
  if (id === null || object === undefined) throw errors.noSuchRecord(rawId);
  const access = systemAccess(anotherUserId(org));
  const input = readRecordInput(org, access, object, values);
  const [outcome] = saveRecords({ org, access, allowDuplicates: true, rowFault: () => null }, [{ input, id }]);
  if (outcome === undefined) throw errors.noSuchRecord(rawId);
  return outcome;
}
