import { isAceId } from '../ace/identity.ts';
import type {
  CrmCallOptions,
  CrmFields,
  CrmRecord,
  CrmValue,
  CrmWriteOptions,
  Linked,
  SharedObject,
  SyncRow,
  WriteOutcome,
} from '../crm/crm.ts';
import type { SyncField } from '../crm/data-model.ts';
import {
  type ReceivedState,
  readIntent,
  readReceivedState,
  readSentState,
  type Send,
  type SentState,
  type Stamp,
} from '../mapping/sync-state.ts';
import { type Dependencies, mappingOf, type PlanningDependencies, stampOf } from './dependencies.ts';
import { waitOrReport } from './expect-written.ts';
import { announced, type FieldChange, type JournalingDependencies } from './write-journaled.ts';

/** A CRM record with its companion row and the sync state of this connection on it. */
export interface LinkedState {
  readonly linked: Linked;
  readonly stamp: Stamp;
  readonly sent: SentState | null;
  readonly received: ReceivedState | null;
  /** The write-ahead intent: a file that is on its way or was, when the last run was cut short. */
  readonly intent: Send | null;
  /** The sync made the record, and was the last to write it and its row: as far as that shows, nobody edited either. */
  readonly writtenByUs: boolean;
  /** When somebody else changed the record or its row, where that was the last change of either; ISO 8601. */
  readonly editedAt: string | null;
  /** State that belongs to somebody else, or that this release cannot read: held, never overwritten. */
  readonly obstacle: 'foreign' | 'unreadable' | null;
}

/** Companion fields that the sync itself reads, beside those that the mapping names. */
const stateFields = [
  'Status__c',
  'Reason__c',
  'Reason_Code__c',
  'Shared__c',
  'Sending__c',
  'Sent_State__c',
  'Received_State__c',
  'Intent__c',
  'Action__c',
  'Rejection_Reason__c',
  'Rule_Answer__c',
  'Tombstone__c',
  'Maker__c',
  'Conflict__c',
  'Conflict_Answer__c',
  'Kept_Here__c',
  'Opportunity__c',
  'Lead__c',
  'Object__c',
  'CRM_Record_Id__c',
  'ACE_Id__c',
] as const satisfies readonly SyncField[];

export type LinkKey = { readonly aceId: string } | { readonly crmId: string };

/** The mappings that records may follow: the released one, and that of a sample. */
const mappingsOf = ({ mapping, sample }: PlanningDependencies) =>
  sample === null ? [mapping] : [mapping, sample.mapping];

export function pathsOf(deps: PlanningDependencies, object: SharedObject): readonly string[] {
  const mapped = mappingsOf(deps).flatMap((mapping) => mapping[object].crmPaths);
  return [...new Set([...mapped, 'ACE_Sync__c', 'CreatedById', 'LastModifiedById'])];
}

/** Reads records with companion rows, one per key, in shared CRM calls. */
export async function readLinked(
  deps: PlanningDependencies,
  object: SharedObject,
  keys: readonly LinkKey[],
  options: CrmCallOptions = {},
): Promise<readonly LinkedState[]> {
  const { crm, config } = deps;
  const identity = await crm.identity();
  const rowFields = mappingsOf(deps).flatMap((mapping) => mapping[object].rowFields);
  const fields = [...new Set<string>([...stateFields, 'LastModifiedById', ...rowFields])];
  const found = await crm.find(object, keys, pathsOf(deps, object), fields, options);
  return found.map((linked) => {
    const recordId = linked.record?.id ?? linked.row?.crmId ?? null;
    const aceId = linked.row?.aceId ?? linked.record?.aceId ?? null;
    const stamp = stampOf(config, identity, { recordId, aceId });
    const editedAt = editedBySomebody(linked, identity.userId);
    const writtenByUs = linked.record?.fields.CreatedById === identity.userId && editedAt === null;
    return { ...withState(linked, stamp), writtenByUs, editedAt };
  });
}

function editedBySomebody({ record, row }: Linked, ours: string): string | null {
  const edits = [record, row].filter((half) => half !== null && half.fields.LastModifiedById !== ours);
  const times = edits.flatMap((half) => half?.systemModstamp ?? []);
  return times.sort().at(-1) ?? null;
}

/**
 * Reads records that are about to be linked to an ACE id that the CRM does not hold for them yet. A row that inbound
 * processing made for the ACE id, when nobody knew the record, becomes the record's row.
 */
export async function readPairs(
  deps: PlanningDependencies,
  object: SharedObject,
  pairs: readonly { readonly aceId: string; readonly crmId: string }[],
): Promise<readonly LinkedState[]> {
  const [byCrmId, byAceId] = await Promise.all([
    readLinked(
      deps,
      object,
      pairs.map(({ crmId }) => ({ crmId })),
    ),
    readLinked(
      deps,
      object,
      pairs.map(({ aceId }) => ({ aceId })),
    ),
  ]);
  return byCrmId.map((state, position) => {
    const other = byAceId[position];
    const loose = other?.linked.row ?? null;
    if (other === undefined || loose === null || loose.crmId !== null || state.linked.row !== null) return state;
    return {
      ...other,
      linked: { record: state.linked.record, row: loose },
      stamp: { ...other.stamp, recordId: state.stamp.recordId },
    };
  });
}

/** Reads records alone, as they are after a write; the same paths as `readLinked`, so that both share calls. */
export async function readRecord(
  deps: PlanningDependencies,
  object: SharedObject,
  crmId: string,
): Promise<CrmRecord | null> {
  const [found] = await deps.crm.find(object, [{ crmId }], pathsOf(deps, object), []);
  return found?.record ?? null;
}

/**
 * Reads one record by its CRM id, or a referral that has no CRM record yet by its ACE id. A record that was merged away
 * stands for its survivor once its link went there, so that what still names it, such as a late result, arrives.
 */
export async function readLinkedRecord(
  deps: PlanningDependencies,
  object: SharedObject,
  crmId: string,
): Promise<LinkedState> {
  const key = isAceId(object, crmId) ? { aceId: crmId } : { crmId };
  const [state] = await readLinked(deps, object, [key]);
  if (state === undefined) throw new Error('The CRM answered fewer records than keys.');
  const survivor = state.linked.record?.mergedInto ?? null;
  return survivor !== null && state.linked.row?.crmId === survivor ? readLinkedRecord(deps, object, survivor) : state;
}

/** True when the row knows AWS's identifier and the living record does not carry it. */
export const lacksAceId = ({ linked: { record, row } }: LinkedState): boolean =>
  record !== null && !record.deleted && record.aceId === null && (row?.aceId ?? null) !== null;

function withState(linked: Linked, stamp: Stamp): Omit<LinkedState, 'writtenByUs' | 'editedAt'> {
  const fields = linked.row?.fields ?? {};
  const sent = readSentState(fields.Sent_State__c, stamp);
  const received = readReceivedState(fields.Received_State__c, stamp);
  const { intent, unreadable } = readIntent(fields.Sending__c);
  const foreign = sent.foreign || received.foreign;
  return {
    linked,
    stamp,
    sent: sent.state,
    received: received.state,
    intent: foreign ? null : intent,
    obstacle: foreign ? 'foreign' : sent.unreadable || received.unreadable || unreadable ? 'unreadable' : null,
  };
}

type RowDependencies = Pick<Dependencies, 'crm' | 'mapping' | 'sample'> & JournalingDependencies;

/**
 * Writes the companion row of a record, creating it under the record's id when it has none, and sets the record's
 * lookup to it once. Fields that hold the value already are left out; nothing to write is no call.
 * An org that refuses every write on the record must not cost the row: the lookup is tried again with its next write.
 * The journal knows of the lookup; what else the row gets, callers announce where it is more than the sync's own state.
 */
export async function writeRow(
  deps: RowDependencies,
  object: SharedObject,
  state: LinkedState,
  fields: Partial<Record<SyncField, CrmValue>>,
): Promise<WriteOutcome> {
  const { crm } = deps;
  const { record, row } = state.linked;
  const wanted = { ...identityFields(object, state), ...fields };
  const changed = row === null ? wanted : changedFields(row.fields, wanted);
  const key = row === null ? rowKey(state) : { id: row.id };
  const write = async (options: CrmWriteOptions): Promise<WriteOutcome> =>
    row !== null && Object.keys(changed).length === 0
      ? { kind: 'written', id: row.id, created: false }
      : crm.write('sync', key, changed, options);
  if (!needsLookup(record, row)) return write({});
  const lookup = lookupChange(deps, record, 'id' in key ? key.id : key);
  return announced(deps, [lookup], async (answered) => {
    const outcome = await write({ follow: { object, id: record.id, fields: { ACE_Sync__c: lookup.after } } });
    if (outcome.kind !== 'written') {
      answered([lookup], outcome.kind);
      return outcome;
    }
    const linked = outcome.followed ? outcome : await crm.write(object, { id: record.id }, { ACE_Sync__c: outcome.id });
    answered([lookup], linked.kind);
    waitOrReport(linked);
    return { kind: 'written', id: outcome.id, created: row === null };
  });
}

/**
 * A record shows its row's status through its lookup to it. Salesforce takes no change of a record in the recycle bin, nor
 * of a converted lead.
 */
function needsLookup(record: CrmRecord | null, row: SyncRow | null): record is CrmRecord {
  if (record === null || record.deleted || record.converted !== null) return false;
  return row === null || record.fields.ACE_Sync__c !== row.id;
}

/** The lookup is set in the call that writes the row, by the row's key where its id is not known yet. */
function lookupChange(deps: RowDependencies, record: CrmRecord, row: string | ReturnType<typeof rowKey>) {
  return {
    id: `${record.id}@${record.systemModstamp}#ACE_Sync__c`,
    crmId: record.id,
    field: 'ACE_Sync__c',
    before: record.fields.ACE_Sync__c ?? null,
    after: row,
    cause: 'link to its ACE Sync row',
    rule: 'identity',
    mappingVersion: mappingOf(deps, record.id).version,
    actor: 'sync',
  } as const satisfies FieldChange;
}

/**
 * The version goes along with whatever comes of an export, changed or not: the org refuses an older one by it, and
 * versions of the same second are common.
 */
function changedFields(current: CrmFields, wanted: Partial<Record<SyncField, CrmValue>>): Record<string, CrmValue> {
  const entries = Object.entries(wanted).filter(
    ([field, value]) => !(field in current) || (current[field] ?? null) !== (value ?? null),
  );
  const changed = Object.fromEntries(entries);
  const version = wanted.ACE_Last_Modified__c;
  return entries.length === 0 || version === undefined ? changed : { ...changed, ACE_Last_Modified__c: version };
}

/** A row is created under the record's id; a parked create without a record under its ACE id. */
function rowKey({ stamp }: LinkedState) {
  if (stamp.recordId !== null) return { externalId: 'CRM_Record_Id__c', value: stamp.recordId };
  if (stamp.aceId !== null) return { externalId: 'ACE_Id__c', value: stamp.aceId };
  throw new Error('A companion row needs a record id or an ACE id.');
}

/** What says whose row it is; the field that is the key of a new row goes with the key. */
function identityFields(object: SharedObject, { stamp, linked }: LinkedState): Record<string, CrmValue> {
  const lookup = object === 'opportunity' ? 'Opportunity__c' : 'Lead__c';
  const isNew = linked.row === null;
  // Nothing can look up to a record in the recycle bin; Salesforce empties what did.
  const alive = linked.record?.deleted === false;
  return {
    Object__c: object,
    ...(stamp.recordId !== null && alive ? { [lookup]: stamp.recordId } : {}),
    ...(stamp.recordId === null || isNew ? {} : { CRM_Record_Id__c: stamp.recordId }),
    ...(stamp.aceId === null || (isNew && stamp.recordId === null) ? {} : { ACE_Id__c: stamp.aceId }),
  };
}
