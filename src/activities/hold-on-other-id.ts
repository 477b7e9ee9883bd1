import type { SharedObject } from '../crm/crm.ts';
import { catalogue, type Problem } from '../errors.ts';
import type { Dependencies } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import { type LinkedState, readLinked } from './linked-records.ts';

type OtherId = 'ACE_ID_DIFFERS' | 'ACE_ID_TAKEN';

/**
 * An answer with another ACE id than ours, or with one that another CRM record holds, means that a record is linked wrongly
 * on one of both sides: nothing is linked, and the whole connection is held until a person looked (design.md, rule 8).
 * @returns what is wrong; null when the id is ours, or new
 */
export async function holdOnOtherId(
  deps: Dependencies,
  object: SharedObject,
  state: LinkedState,
  aceId: string | null,
): Promise<Problem | null> {
  const code = aceId === null ? null : await otherId(deps, object, state, aceId);
  if (code === null) return null;
  const { message, fix, fixBy } = catalogue[code];
  const { recordId } = state.stamp;
  const held = { Held__c: true, Hold_Reason__c: `${message} Record ${recordId}.`, Requested_State__c: null };
  const key = { externalId: 'Connection__c', value: deps.config.connection };
  expectWritten(await deps.crm.write('connection', key, held), 'connection row');
  deps.hold.forget();
  deps.log.error({ crmId: recordId, held: state.stamp.aceId, answered: aceId }, code);
  return { code, message, fix, fixBy };
}

async function otherId(
  deps: Dependencies,
  object: SharedObject,
  { linked: { record, row } }: LinkedState,
  aceId: string,
): Promise<OtherId | null> {
  const held = row?.aceId ?? record?.aceId ?? null;
  if (held !== null) return held === aceId ? null : 'ACE_ID_DIFFERS';
  const [holder] = await readLinked(deps, object, [{ aceId }]);
  const { record: otherRecord = null, row: otherRow = null } = holder?.linked ?? {};
  const isTaken = otherRow !== null ? otherRow.id !== row?.id : otherRecord !== null && otherRecord.id !== record?.id;
  return isTaken ? 'ACE_ID_TAKEN' : null;
}
