import { Context } from '@temporalio/activity';
import { type CrmChange, type SharedObject, sharedObjects } from '../crm/crm.ts';
import type { Action } from '../crm/data-model.ts';
import type { DetectorCursor, Waits } from '../workflows/messages.ts';
import { decideUpload, isDue } from './decide-upload.ts';
import type { Dependencies } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import { type LinkedState, readLinked, writeRow } from './linked-records.ts';
import { actionEffects } from './person-actions.ts';
import { retryParkedFiles } from './retry-parked-files.ts';
import { signalUpload } from './signal-upload.ts';

type Cursors = Readonly<Partial<Record<SharedObject, DetectorCursor>>>;

export interface DetectedChanges {
  /** The cursors to go on from, valid only because every upload was told. */
  readonly cursors: Cursors;
  readonly seen: number;
  readonly signalled: number;
  readonly actions: number;
  readonly waits: Waits;
  /** Why nothing was looked at; null when it was. */
  readonly reason: string | null;
}

/** Records read and judged at once: one shared CRM call. */
const batchSize = 200;

/**
 * One round of change detection: executes what people asked for through Action, and wakes the upload of every record
 * that has something to send. It decides by content only (what would be sent now?), never by who changed a record last.
 */
export function detectChanges(deps: Dependencies) {
  return async ({ cursors }: { cursors: Cursors }): Promise<DetectedChanges> => {
    const totals = { seen: 0, signalled: 0, actions: 0 };
    const next: Partial<Record<SharedObject, DetectorCursor>> = {};
    const breaker = deps.crm.openBreaker();
    if (breaker !== null || deps.config.mode !== 'live') {
      const reason = breaker ?? `Mode ${deps.config.mode}: nothing is sent.`;
      await heartbeat(deps, reason);
      return { cursors, ...totals, waits: deps.waits, reason };
    }
    for (const object of sharedObjects) {
      const cursor = cursors[object] ?? null;
      const found = await deps.crm.changes(object, cursor === null ? null : { since: cursor.since }, {
        overlapMs: deps.config.timing.detectOverlap * 1000,
        relatedPaths: deps.mapping[object].relatedPaths,
      });
      // The overlap shows the same rows again and again: what was judged in this version is not judged again.
      const seen = new Set(cursor?.seen ?? []);
      const fresh = found.changes.filter((change) => !seen.has(versionOf(change)));
      for (let start = 0; start < fresh.length; start += batchSize) {
        Context.current().heartbeat();
        await judge(object, fresh.slice(start, start + batchSize), totals);
      }
      totals.seen += fresh.length;
      next[object] = { since: found.cursor.since, seen: recent(found.changes, found.cursor.since, deps) };
    }
    await heartbeat(deps, null);
    return { cursors: next, ...totals, waits: deps.waits, reason: null };
  };

  async function judge(
    object: SharedObject,
    changes: readonly CrmChange[],
    totals: { signalled: number; actions: number },
  ) {
    const withRecord = changes.filter((change): change is CrmChange & { crmId: string } => change.crmId !== null);
    const ids = [...new Set(withRecord.map((change) => change.crmId))];
    const states =
      ids.length === 0
        ? []
        : await readLinked(
            deps,
            object,
            ids.map((crmId) => ({ crmId })),
          );
    for (const [position, crmId] of ids.entries()) {
      const state = states[position];
      if (state === undefined) continue;
      const signal = (await act(object, state, totals)) ?? ((await isDueNow(object, state)) ? 'recordChanged' : null);
      if (signal === null) continue;
      await signalUpload(deps, object, crmId, { signal });
      totals.signalled += 1;
    }
    // A parked create has no record yet: its row's Retry goes to the file that waits for it.
    if (changes.some((change) => change.crmId === null && change.action === 'Retry'))
      totals.actions += await retryParkedFiles(deps, object);
  }

  async function isDueNow(object: SharedObject, state: LinkedState): Promise<boolean> {
    return isDue(await decideUpload(deps, object, state, { retry: false }), state);
  }

  /** Executes and clears the row's Action; returns whom to wake. */
  async function act(object: SharedObject, state: LinkedState, totals: { actions: number }) {
    const row = state.linked.row;
    const action = row?.fields.Action__c;
    if (row === null || typeof action !== 'string' || !(action in actionEffects)) return null;
    const effect = actionEffects[action as Action](row.fields);
    expectWritten(await writeRow(deps, object, state, { ...effect.fields, Action__c: null }), `action of ${row.id}`);
    deps.log.info({ row: row.id, action }, 'A person acted in the CRM.');
    totals.actions += 1;
    return effect.signal;
  }
}

const versionOf = (change: CrmChange): string => `${change.rowId ?? change.crmId}@${change.systemModstamp}`;

/** Versions that the next round can meet again: those within the overlap. */
function recent(changes: readonly CrmChange[], since: string, { config }: Dependencies): readonly string[] {
  const from = Date.parse(since) - config.timing.detectOverlap * 1000;
  return changes.filter((change) => Date.parse(change.systemModstamp) >= from).map(versionOf);
}

/** The heartbeat that a report or flow in the CRM can watch: dead workers cannot report themselves (rule 14). */
async function heartbeat({ crm, config, mapping, now }: Dependencies, reason: string | null): Promise<void> {
  const fields = {
    Heartbeat__c: now().toISOString(),
    Mode__c: config.mode,
    Mapping_Version__c: mapping.version,
    Lease__c: config.installation,
    ...(reason === null ? {} : { Hold_Reason__c: reason.slice(0, 255) }),
  };
  expectWritten(
    await crm.write('connection', { externalId: 'Connection__c', value: config.connection }, fields),
    'connection row',
  );
}
