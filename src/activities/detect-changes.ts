import { type CrmChange, type CrmValue, type SharedObject, sharedObjects } from '../crm/crm.ts';
import type { Action } from '../crm/data-model.ts';
import { AceSyncError } from '../errors.ts';
import { isLifeDue } from '../mapping/record-life.ts';
import { softwareVersion } from '../software-version.ts';
import type { DetectorCursor, Waits } from '../workflows/messages.ts';
import { decideUpload, isDue } from './decide-upload.ts';
import type { Dependencies } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import { cursorAfter, unjudged } from './judged-versions.ts';
import { type LinkedState, readLinked, readLinkedRecord, writeRow } from './linked-records.ts';
import { actionEffects } from './person-actions.ts';
import { retryParkedFiles } from './retry-parked-files.ts';
import { signalUpload } from './signal-upload.ts';
import { urgently } from './urgency.ts';
import { wakeAnswer } from './wake-answer.ts';
import { createOrgDriftWatch } from './watch-drift.ts';

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

const answers = new Set<string>(['Accept', 'Reject', 'Link', 'Create new'] satisfies Action[]);
const recordGone = 'The record was deleted before anything was sent: restore it and share it again.';
const secondRow = 'Another row belongs to this record already: act on the row that the record names.';

/** Records read and judged at once: one shared CRM call. */
const batchSize = 200;

/**
 * One round of change detection: executes what people asked for through Action, and wakes the upload of every record
 * that has something to send. It decides by content only (what would be sent now?), never by who changed a record last.
 */
export function detectChanges(deps: Dependencies) {
  const beat = createHeartbeat(urgently(deps));
  const watchOrg = createOrgDriftWatch(deps);
  return async ({ cursors }: { cursors: Cursors }): Promise<DetectedChanges> => {
    const totals = { seen: 0, signalled: 0, actions: 0 };
    const held = async (reason: string): Promise<DetectedChanges> => {
      // Mode observe writes nothing, not even that it is alive.
      if (deps.crm.health().fault === null && deps.config.mode !== 'observe') await beat(reason);
      if (isShortOfCalls(deps)) await answerUrgently(totals);
      return { cursors, ...totals, waits: deps.waits, reason };
    };
    const reason = await whyNothing(deps);
    if (reason !== null) return held(reason);
    try {
      const next = await look(cursors, totals);
      await beat(null);
      await watchOrg();
      return { cursors: next, ...totals, waits: deps.waits, reason: null };
    } catch (error) {
      // The limit was met on the way: what has a deadline goes on, and the next round starts where this one did.
      if (error instanceof AceSyncError && isShortOfCalls(deps)) return held(`${error.message} ${error.entry.fix}`);
      const fault = faultOfConnection(deps, error);
      if (fault === null) throw error;
      return { cursors, ...totals, waits: deps.waits, reason: fault };
    }
  };

  /** Judges what changed since the cursors. @returns the cursors to go on from */
  async function look(
    cursors: Cursors,
    totals: { seen: number; signalled: number; actions: number },
  ): Promise<Cursors> {
    const next: Partial<Record<SharedObject, DetectorCursor>> = {};
    for (const object of sharedObjects) {
      const cursor = cursors[object] ?? null;
      const from = deps.now();
      const found = await deps.crm.changes(object, cursor === null ? null : { since: cursor.since }, {
        overlapMs: deps.config.timing.detectOverlap * 1000,
        relatedPaths: relatedPathsOf(deps, object),
      });
      const to = deps.now();
      const fresh = unjudged(cursor, found.changes);
      for (let start = 0; start < fresh.length; start += batchSize) {
        await judge(object, fresh.slice(start, start + batchSize), totals, cursor === null);
      }
      totals.seen += fresh.length;
      next[object] = cursorAfter(cursor, found, { from, to }, deps.config.timing.detectOverlap * 1000);
    }
    return next;
  }

  /** With the day's calls used up, people's answers to referrals still go out: their deadline does not wait. */
  async function answerUrgently(totals: { signalled: number; actions: number }): Promise<void> {
    for (const object of sharedObjects) {
      for (const change of await deps.crm.answered(object)) {
        const id = change.crmId ?? change.aceId;
        if (id === null) continue;
        const state = await readLinkedRecord(urgently(deps), object, id);
        if (state.linked.row?.id !== change.rowId || !(await act(object, id, state, true))) continue;
        totals.actions += 1;
        totals.signalled += 1;
      }
    }
  }

  async function judge(
    object: SharedObject,
    changes: readonly CrmChange[],
    totals: { signalled: number; actions: number },
    sweep: boolean,
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
    // All at once, so that what people asked of many records shares its CRM calls.
    await Promise.all(
      ids.map(async (crmId, position) => {
        const state = states[position];
        if (state === undefined) return;
        if (await act(object, crmId, state)) totals.actions += 1;
        else if (await isDueNow(object, state, sweep)) {
          await signalUpload(deps, object, crmId, { signal: 'recordChanged' });
        } else return;
        totals.signalled += 1;
      }),
    );
    const loose = changes.flatMap(({ crmId, aceId, action }) => (crmId === null && action === null && aceId) || []);
    const unlinked =
      loose.length === 0
        ? []
        : await readLinked(
            deps,
            object,
            [...new Set(loose)].map((aceId) => ({ aceId })),
          );
    for (const state of unlinked) {
      if (await wakeAnswer(deps, object, state)) totals.signalled += 1;
    }
    const preferred = new Set(states.map((state) => state.linked.row?.id));
    for (const change of changes) {
      if (change.action === null || change.rowId === null || preferred.has(change.rowId)) continue;
      await actWithoutRecord(object, change, change.rowId);
      totals.actions += 1;
    }
  }

  /**
   * Actions on rows that are not the row of a record: a referral that gets its record on acceptance, and a possible duplicate, are
   * answered under their ACE id, Retry goes to the files that wait, and a second row of a record is told which row counts.
   */
  async function actWithoutRecord(object: SharedObject, change: CrmChange, rowId: string): Promise<void> {
    const clear = async (fields: Readonly<Record<string, CrmValue>> = {}) =>
      expectWritten(await deps.crm.write('sync', { id: rowId }, { ...fields, Action__c: null }), `action of ${rowId}`);
    if (change.crmId !== null) return clear({ Status__c: 'Excluded', Reason__c: secondRow });
    if (change.aceId === null) return clear({ Status__c: 'Excluded', Reason__c: recordGone });
    const [state] = change.aceId === null ? [] : await readLinked(deps, object, [{ aceId: change.aceId }]);
    if (change.aceId !== null && state?.linked.row?.id === rowId && answers.has(change.action ?? '')) {
      await act(object, change.aceId, state);
      return;
    }
    if (change.action === 'Retry') await retryParkedFiles(deps, object);
    await clear();
  }

  /** A sweep also wakes what is held or waits: after the loss of Temporal's data nobody else would show it again. */
  async function isDueNow(object: SharedObject, state: LinkedState, sweep: boolean): Promise<boolean> {
    if (isLifeDue(state.linked)) return true;
    const decision = await decideUpload(deps, object, state, { retry: false });
    return isDue(decision, state) || (sweep && (decision.kind === 'hold' || decision.kind === 'wait'));
  }

  /**
   * Executes and clears the row's Action. What a person decided is written first, then whoever works on it is told, and
   * the Action is cleared last: cut short anywhere, the next round does it again, which is harmless.
   */
  async function act(object: SharedObject, crmId: string, state: LinkedState, urgent = false): Promise<boolean> {
    const using = urgent ? urgently(deps) : deps;
    const row = state.linked.row;
    const action = row?.fields.Action__c;
    if (row === null || typeof action !== 'string' || !(action in actionEffects)) return false;
    const effect = actionEffects[action as Action](row.fields);
    expectWritten(await writeRow(using, object, state, effect.fields), `action of ${row.id}`);
    if (effect.signal === 'retry') await signalUpload(deps, object, crmId, { signal: 'retry' });
    if (effect.signal === 'recordChanged') await signalUpload(deps, object, crmId, { signal: 'recordChanged', urgent });
    if (effect.retriesFiles) await retryParkedFiles(deps, object);
    expectWritten(await using.crm.write('sync', { id: row.id }, { Action__c: null }), `action of ${row.id}`);
    deps.log.info({ row: row.id, action }, 'A person acted in the CRM.');
    return true;
  }
}

function relatedPathsOf({ mapping, sample }: Dependencies, object: SharedObject): readonly string[] {
  return [...new Set([...mapping[object].relatedPaths, ...(sample?.mapping[object].relatedPaths ?? [])])];
}

/** Why nothing is looked at now; the cursors stay, so nothing is missed. */
async function whyNothing({ crm, config, hold }: Dependencies): Promise<string | null> {
  if (config.mode !== 'live') return `Mode ${config.mode}: nothing is sent.`;
  return crm.openBreaker() ?? (await hold.reason('toAws'));
}

/**
 * What holds the whole connection until somebody mends it, as a sentence: the round is over and says so. Repeated, it would
 * meet the same fault in silence. An outage that passes by itself is repeated.
 */
function faultOfConnection({ crm }: Dependencies, error: unknown): string | null {
  if (!(error instanceof AceSyncError) || error.code === 'CRM_UNAVAILABLE') return null;
  return crm.health().fault?.code === error.code ? `${error.message} ${error.entry.fix}` : null;
}

/** Nothing but the org's limit of API calls holds the connection, so the reserve may be used. */
function isShortOfCalls({ crm, config }: Dependencies): boolean {
  const { fault, apiBudget } = crm.health();
  return config.mode === 'live' && fault === null && apiBudget === 'held';
}

/** Milliseconds between two heartbeats when nothing changed: often enough for a watch that alerts after hours. */
const heartbeatInterval = 5 * 60_000;

/** The heartbeat that a report or flow in the CRM can watch: dead workers cannot report themselves (rule 14). */
function createHeartbeat(deps: Dependencies): (reason: string | null) => Promise<void> {
  const { crm, config, mapping, now, client, hold } = deps;
  let last: { readonly at: number; readonly reason: string | null } | null = null;
  return async (reason) => {
    const at = now().getTime();
    if (last !== null && last.reason === reason && at - last.at < heartbeatInterval) return;
    const waiting = `AceConnection = '${config.connection}' AND ExecutionStatus = 'Running' AND AceOutcome IN ('held', 'parked')`;
    const { count } = await client.workflow.count(waiting);
    const incident = await hold.incident();
    const fields = {
      Heartbeat__c: now().toISOString(),
      Mode__c: config.mode,
      Mapping_Version__c: mapping.version,
      Software_Version__c: softwareVersion,
      Lease__c: config.installation,
      Held_Records__c: count,
      ...(incident === 'open' ? {} : { Held__c: false, Hold_Reason__c: reason?.slice(0, 255) ?? null }),
    };
    const key = { externalId: 'Connection__c', value: config.connection };
    expectWritten(await crm.write('connection', key, fields), 'connection row');
    last = { at, reason };
  };
}
