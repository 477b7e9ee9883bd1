import { Context } from '@temporalio/activity';
import type { AceRecord } from '../ace/ace-record.ts';
import { readAceFile } from '../ace/envelope.ts';
import { identityOf } from '../ace/identity.ts';
import type { CrmCallOptions, SharedObject } from '../crm/crm.ts';
import { AceSyncError } from '../errors.ts';
import type { FileReference, RecordOutcome } from '../workflows/messages.ts';
import { applyRecord } from './apply-record.ts';
import { refuseWhileHeld } from './connection-hold.ts';
import type { Dependencies, PlanningDependencies } from './dependencies.ts';
import { waitForExport, waitForMaker } from './half-received.ts';
import { type LinkedState, readLinked } from './linked-records.ts';
import { makerOf } from './maker.ts';
import { createAceDriftWatch } from './watch-drift.ts';

export interface UpsertedRecords {
  readonly outcomes: readonly RecordOutcome[];
  /** Mode `observe`: the outcomes say what would have been done; nothing was. */
  readonly observed: boolean;
}

interface FileRecord {
  readonly index: number;
  readonly record: AceRecord;
  readonly aceId: string | null;
  readonly partnerId: string | null;
}

/**
 * Brings the wanted records of a file into the CRM, each with its one outcome. Every write is idempotent and the CRM
 * refuses older versions, so doing it again after a crash changes nothing.
 */
export function upsertRecords(deps: Dependencies) {
  const watchDrift = createAceDriftWatch(deps);
  return async (input: {
    object: SharedObject;
    file: FileReference;
    indexes: readonly number[];
    /** The files that the same scan started. */
    backlog?: { readonly id: string; readonly size: number };
  }): Promise<UpsertedRecords> => {
    const { object, file, indexes, backlog } = input;
    await refuseWhileHeld(deps.hold, 'in');
    const read = readAceFile(await deps.files.get(file), { key: file.key });
    if (!read.ok) throw new AceSyncError('FILE_UNREADABLE', `${file.key} was readable before.`);
    const wanted = indexes.flatMap((index): FileRecord[] => {
      const record = read.records[index];
      return record === undefined ? [] : [{ index, record, ...identityOf(object, record) }];
    });
    await watchDrift(
      object,
      wanted.map(({ record }) => record),
    );
    const { newest, older } = newestPerRecord(wanted);
    const states = await findLinked(deps, object, newest, backlog === undefined ? {} : { backlog });
    const { attempt } = Context.current().info;
    for (const [position, state] of states.entries()) {
      const entry = newest[position];
      if (entry === undefined) continue;
      waitForExport(state, attempt, lastModified(entry));
      if (entry.aceId !== null && state.linked.record === null)
        waitForMaker(state, attempt, makerOf(deps, file, entry.aceId));
    }
    const outcomes = await Promise.all(
      newest.map(async (entry, position) => {
        const state = states[position];
        if (state === undefined) throw new Error('The CRM answered fewer records than keys.');
        const result = await applyRecord(deps, { object, file, record: entry.record, aceId: entry.aceId, state });
        return { index: entry.index, aceId: entry.aceId, ...result };
      }),
    );
    const newestOutcome = new Map(outcomes.map((outcome) => [outcome.aceId, outcome]));
    const overtaken = older.map(({ index, aceId }): RecordOutcome => {
      const newer = newestOutcome.get(aceId);
      // An older version is superseded only once the newer one is in the CRM; with it parked, it is parked too.
      return newer?.outcome === 'parked'
        ? { ...newer, index }
        : { index, aceId, crmId: newer?.crmId ?? null, outcome: 'superseded', code: 'OLDER_IN_SAME_FILE' };
    });
    return { outcomes: [...outcomes, ...overtaken], observed: deps.config.mode === 'observe' };
  };
}

/** The newest version of each record of the file; on equal dates the later one in the file. */
function newestPerRecord(records: readonly FileRecord[]): {
  newest: readonly FileRecord[];
  older: readonly FileRecord[];
} {
  const newest = new Map<string, FileRecord>();
  const older: FileRecord[] = [];
  for (const entry of records) {
    const key = entry.aceId ?? `without ACE id ${entry.index}`;
    const other = newest.get(key);
    const [winner, loser] =
      other === undefined || lastModified(entry) >= lastModified(other) ? [entry, other] : [other, entry];
    newest.set(key, winner);
    if (loser !== undefined) older.push(loser);
  }
  return { newest: [...newest.values()], older };
}

function lastModified({ record }: FileRecord): number {
  const time = Date.parse(String(record.lastModifiedDate ?? ''));
  return Number.isNaN(time) ? 0 : time;
}

/** A Salesforce record id, which the default mapping uses as partner identifier. */
const crmIdForm = /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/;

/** By ACE id first; what that does not find, by the partner identifier that ACE shows. */
export async function findLinked(
  deps: PlanningDependencies,
  object: SharedObject,
  records: readonly Pick<FileRecord, 'aceId' | 'partnerId'>[],
  options: CrmCallOptions = {},
): Promise<readonly LinkedState[]> {
  if (records.length === 0) return [];
  const byAceId = await readLinked(
    deps,
    object,
    records.map(({ aceId }) => ({ aceId: aceId ?? '' })),
    options,
  );
  const missing = records.flatMap(({ partnerId }, position) =>
    byAceId[position]?.linked.record == null && partnerId !== null && crmIdForm.test(partnerId)
      ? [{ position, crmId: partnerId }]
      : [],
  );
  if (missing.length === 0) return byAceId;
  const byPartnerId = await readLinked(
    deps,
    object,
    missing.map(({ crmId }) => ({ crmId })),
  );
  const found = new Map(missing.map(({ position }, order) => [position, byPartnerId[order]]));
  return byAceId.map((state, position) => {
    const other = found.get(position);
    return other === undefined || other.linked.record === null ? state : other;
  });
}
