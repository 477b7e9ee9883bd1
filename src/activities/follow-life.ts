import type { CrmFields, CrmRecord, CrmValue, SharedObject } from '../crm/crm.ts';
import type { SyncField } from '../crm/data-model.ts';
import { rowPrefix } from '../mapping/mapping-checks.ts';
import type { ReasonCode } from '../mapping/reasons.ts';
import { decideLife, isLifeDue, type LifeDecision, tombstones } from '../mapping/record-life.ts';
import { reasonWrites } from '../mapping/row-status.ts';
import { type Dependencies, mappingOf } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import { type LinkedState, readLinkedRecord, writeRow } from './linked-records.ts';
import { retryParkedRecord } from './retry-parked-files.ts';
import { standingMark } from './standing-mark.ts';
import { announced, type FieldChange, writeJournaled } from './write-journaled.ts';

type RowWrites = Partial<Record<SyncField, CrmValue>>;

/**
 * Does in the CRM what the record's life asks for (design.md, rule 13), once: later calls find it done. Only the
 * record's upload calls it, so a file on its way is answered before its link moves; inbound processing and change
 * detection wake that upload.
 * @returns the state to go on with; after a merge it is the survivor's.
 */
export async function followLife(deps: Dependencies, object: SharedObject, state: LinkedState): Promise<LinkedState> {
  if (state.obstacle !== null || !isLifeDue(state.linked)) return state;
  const { row } = state.linked;
  const life = decideLife(state.linked);
  switch (life.do) {
    case 'hold':
      // The reason is the upload's to write, with everything else that holds it.
      return withRow(deps, object, state, { Tombstone__c: life.tombstone });
    case 'resume': {
      const now = deps.now();
      const standing = standingMark(object, state, now);
      const code = (standing?.code ?? null) as ReasonCode | null;
      // The files go first: cut short in between, the tombstone still says that they must be told.
      await retryParkedRecord(deps, state.stamp.aceId);
      return withRow(deps, object, state, {
        ...reasonWrites(row?.fields ?? null, standing?.status ?? 'Synced', code, now.toISOString()),
        Details__c: null,
        Tombstone__c: null,
      });
    }
    case 'ignore':
      return ignore(deps, object, state, life);
    case 'wipeLink':
      return wipeLink(deps, object, state);
    case 'follow':
      return follow(deps, object, state, life.survivorId);
    default:
      return state;
  }
}

/** The row of a converted lead names the opportunity that it became, and that is all that follows. */
async function ignore(
  deps: Dependencies,
  object: SharedObject,
  state: LinkedState,
  { code, handOverTo }: Extract<LifeDecision, { do: 'ignore' }>,
): Promise<LinkedState> {
  const { record, row } = state.linked;
  const writes = excluded(deps, state, code);
  if (record === null || handOverTo === null) return withRow(deps, object, state, writes);
  const field = `${rowPrefix}Opportunity__c`;
  const before = { [field]: row?.fields.Opportunity__c ?? null };
  const change = linkChanges(deps, record, before, { [field]: handOverTo }, 'conversion');
  return announced(deps, change, async (answered) => {
    const after = await withRow(deps, object, state, { ...writes, Opportunity__c: handOverTo });
    answered(change, 'written');
    return after;
  });
}

/** A row that stays to be looked at, and from which nothing more goes out. */
const excluded = ({ now }: Dependencies, { linked }: LinkedState, code: ReasonCode): RowWrites =>
  reasonWrites(linked.row?.fields ?? null, 'Excluded', code, now().toISOString());

async function withRow(
  deps: Dependencies,
  object: SharedObject,
  state: LinkedState,
  writes: RowWrites,
): Promise<LinkedState> {
  const { record, row } = state.linked;
  if (row === null) return state;
  expectWritten(await writeRow(deps, object, state, writes), `companion row of ${row.crmId}`);
  return { ...state, linked: { record, row: { ...row, fields: { ...row.fields, ...writes } } } };
}

/** The survivor takes the loser's link over, or keeps its own and the loser's ACE id becomes an alias. */
async function follow(
  deps: Dependencies,
  object: SharedObject,
  state: LinkedState,
  survivorId: string,
): Promise<LinkedState> {
  const { record, row } = state.linked;
  const survivor = await readLinkedRecord(deps, object, survivorId);
  if (record === null || survivor.linked.record === null) return state;
  const { aceId } = survivor.linked.record;
  const another = survivor.linked.row !== null && survivor.linked.row.id !== row?.id;
  if (another || (aceId !== null && aceId !== record.aceId)) {
    const writes = { ...excluded(deps, state, 'CRM_RECORD_MERGED'), Tombstone__c: tombstones.merged };
    return withRow(deps, object, state, writes);
  }
  if (record.aceId !== null && aceId === null) {
    const link = { ACE_Id__c: record.aceId, ACE_Last_Modified__c: record.aceLastModified };
    await writeLink(deps, object, survivor.linked.record, link, 'merge');
  }
  // The row comes last: once it names the survivor, readers of the loser are led there.
  const handed: LinkedState = {
    ...survivor,
    linked: { record: survivor.linked.record, row },
    stamp: { ...survivor.stamp, aceId: record.aceId },
  };
  expectWritten(await writeRow(deps, object, handed, {}), `companion row of ${survivorId}`);
  await retryParkedRecord(deps, state.stamp.aceId);
  return followLife(deps, object, await readLinkedRecord(deps, object, survivorId));
}

/** Unless the row is only waiting to follow a merge: a person may have given the survivor the loser's ACE id. */
async function wipeLink(deps: Dependencies, object: SharedObject, state: LinkedState): Promise<LinkedState> {
  const { record, row } = state.linked;
  if (record === null) return state;
  const original = row?.crmId == null || row.crmId === record.id ? null : row.crmId;
  if (original !== null) {
    const other = await readLinkedRecord(deps, object, original);
    if (other.linked.record?.mergedInto === record.id) return follow(deps, object, other, record.id);
  }
  const copied = original === null ? {} : { ACE_Id__c: null };
  await writeLink(deps, object, record, { ...copied, ACE_Sync__c: null, ACE_Last_Modified__c: null }, 'copied link');
  await retryParkedRecord(deps, state.stamp.aceId);
  return readLinkedRecord(deps, object, record.id);
}

/** Writes link fields of a record, journaled as every change of the CRM is (promise 10). */
async function writeLink(
  deps: Dependencies,
  object: SharedObject,
  record: CrmRecord,
  fields: CrmFields,
  cause: 'merge' | 'copied link',
): Promise<void> {
  const before: CrmFields = {
    ...record.fields,
    ACE_Id__c: record.aceId,
    ACE_Last_Modified__c: record.aceLastModified,
  };
  const write = () => deps.crm.write(object, { id: record.id }, fields);
  const changes = linkChanges(deps, record, before, fields, cause);
  expectWritten(await writeJournaled(deps, changes, write), `link of ${record.id}`);
}

function linkChanges(
  deps: Dependencies,
  { id, systemModstamp }: CrmRecord,
  before: CrmFields,
  after: CrmFields,
  cause: string,
): readonly FieldChange[] {
  return Object.entries(after).map(([field, value]) => ({
    id: `${cause}#${id}@${systemModstamp}#${field}`,
    crmId: id,
    field,
    before: before[field] ?? null,
    after: value,
    cause,
    rule: 'life of the record',
    mappingVersion: mappingOf(deps, id).version,
    actor: 'person',
  }));
}
