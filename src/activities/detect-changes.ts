import { type ChangeCursor, type CrmChange, type CrmValue, type SharedObject, sharedObjects } from '../crm/crm.ts';
import type { Action } from '../crm/data-model.ts';
import { AceSyncError } from '../errors.ts';
import type { MissedChange } from '../journal/missed-changes.ts';
import { isLifeDue } from '../mapping/record-life.ts';
import type { Waits } from '../workflows/messages.ts';
import { bringInMissed } from './bring-in-missed.ts';
import { decideUpload, isDue } from './decide-upload.ts';
import type { Dependencies } from './dependencies.ts';
import { createDetectorHeartbeat } from './detector-heartbeat.ts';
import { faultOfConnection, isShortOfCalls, whyNothing } from './detector-pauses.ts';
import { expectWritten } from './expect-written.ts';
import { JudgedVersions } from './judged-versions.ts';
import { type LinkedState, readLinked, readLinkedRecord, writeRow } from './linked-records.ts';
import { createMissedChangesWatch } from './missed-changes.ts';
import { noteOutcomes, recordLine } from './note-outcome.ts';
import { actionEffects } from './person-actions.ts';
import { RefusedActions } from './refused-actions.ts';
import { retryParkedRecord } from './retry-parked-files.ts';
import { isUploadOpen, signalUpload } from './signal-upload.ts';
import { urgently } from './urgency.ts';
import { wakeAnswer } from './wake-answer.ts';
import { createOrgDriftWatch } from './watch-drift.ts';

type Cursors = Readonly<Partial<Record<SharedObject, ChangeCursor>>>;

export interface DetectedChanges {
  /** The cursors to go on from, valid only because every upload was told. */
  readonly cursors: Cursors;
  readonly seen: number;
  readonly signalled: number;
  readonly actions: number;
  /** Changes that a sweep found, and that change detection had missed. */
  readonly missed: number;
  readonly waits: Waits;
  /** Why nothing was looked at; null when it was. */
  readonly reason: string | null;
  /** What the CRM refused, though all was looked at; absent in histories of releases that stopped at a refusal. */
  readonly refused?: string | null;
}

/** What can be done to a row that has no CRM record: its upload goes by its ACE id. */
const withoutRecord = new Set<string>(['Accept', 'Reject', 'Link', 'Create new', 'Stop', 'Resume'] satisfies Action[]);
const recordGone = 'The record was deleted before anything was sent: restore it and share it again.';
const secondRow = 'Another row belongs to this record already: act on the row that the record names.';

type Totals = { seen: number; signalled: number; actions: number; missed: number };
type Round = { readonly totals: Totals; readonly refused: RefusedActions };

interface Judging {
  /** Also what is held or waits: after the loss of Temporal's data nobody else would show it again. */
  readonly wakesHeld: boolean;
  /** Collects records with something to send on which no upload works; null where nobody asks. */
  readonly unheard: Set<string> | null;
}

/** Records read and judged at once: one shared CRM call. */
const batchSize = 200;

/**
 * One round of change detection: executes what people asked for through Action, and wakes the upload of every record
 * that has something to send. It decides by content only (what would be sent now?), never by who changed a record last.
 * @param sweep looks at all shared records as well; without a cursor every round does.
 */
export function detectChanges(deps: Dependencies) {
  const beat = createDetectorHeartbeat(urgently(deps));
  const bringIn = bringInMissed(deps);
  const watchOrg = createOrgDriftWatch(deps);
  const noteSweep = createMissedChangesWatch(deps);
  const overlapMs = deps.config.timing.detectOverlap * 1000;
  const judgedOf: Readonly<Record<SharedObject, JudgedVersions>> = {
    opportunity: new JudgedVersions(overlapMs),
    lead: new JudgedVersions(overlapMs),
  };
  return async ({ cursors, sweep }: { cursors: Cursors; sweep?: boolean }): Promise<DetectedChanges> => {
    const totals: Totals = { seen: 0, signalled: 0, actions: 0, missed: 0 };
    const held = async (reason: string): Promise<DetectedChanges> => {
      // Mode observe writes nothing, not even that it is alive.
      if (deps.crm.health().fault === null && deps.config.mode !== 'observe') await beat(reason);
      if (isShortOfCalls(deps)) await answerUrgently(totals);
      return { cursors, ...totals, waits: deps.waits, reason };
    };
    const reason = await whyNothing(deps);
    if (reason !== null) return held(reason);
    try {
      const round = { totals, refused: new RefusedActions(deps) };
      const next = await look(cursors, sweep === true, round);
      await beat(null);
      await watchOrg();
      return { cursors: next, ...totals, waits: deps.waits, reason: null, refused: round.refused.sentence() };
    } catch (error) {
      // The limit was met on the way: what has a deadline goes on, and the next round starts where this one did.
      if (error instanceof AceSyncError && isShortOfCalls(deps)) return held(`${error.message} ${error.entry.fix}`);
      const fault = faultOfConnection(deps, error);
      if (fault === null) throw error;
      return { cursors, ...totals, waits: deps.waits, reason: fault };
    }
  };

  /** Judges what changed since the cursors, and in a sweep everything. @returns the cursors to go on from */
  async function look(cursors: Cursors, sweep: boolean, round: Round): Promise<Cursors> {
    const next: Partial<Record<SharedObject, ChangeCursor>> = {};
    const missed: MissedChange[] = [];
    for (const object of sharedObjects) {
      const cursor = cursors[object] ?? null;
      const judged = judgedOf[object];
      if (cursor === null) judged.forget();
      // Before the window is read, so that the window shows what changed until the sweep.
      const unheard = sweep && cursor !== null ? await sweepAll(object, round) : new Set<string>();
      const from = deps.now();
      const found = await readChanges(object, cursor);
      const to = deps.now();
      const fresh = judged.unjudged(found.changes);
      await judge(object, fresh, round, { wakesHeld: cursor === null, unheard: null });
      for (const { crmId } of fresh) unheard.delete(crmId ?? '');
      missed.push(...[...unheard].map((crmId) => ({ object, crmId })));
      const done = found.changes.filter(({ rowId }) => !round.refused.has(rowId));
      judged.note(done, found.cursor, { from, to });
      next[object] = found.cursor;
    }
    const isSweep = sweep || sharedObjects.some((object) => cursors[object] === undefined);
    if (isSweep) round.totals.missed = await noteSweep(missed);
    return next;
  }

  /** @returns the records that have something to send and no upload at work on it, each woken now */
  async function sweepAll(object: SharedObject, round: Round): Promise<Set<string>> {
    const unheard = new Set<string>();
    const { changes } = await readChanges(object, null);
    await judge(object, changes, round, { wakesHeld: true, unheard });
    return unheard;
  }

  function readChanges(object: SharedObject, cursor: ChangeCursor | null) {
    return deps.crm.changes(object, cursor, {
      overlapMs,
      relatedPaths: relatedPathsOf(deps, object),
    });
  }

  /** With the day's calls used up, people's answers to referrals still go out: their deadline does not wait. */
  async function answerUrgently(totals: Totals): Promise<void> {
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

  async function judge(object: SharedObject, changes: readonly CrmChange[], round: Round, how: Judging): Promise<void> {
    for (let start = 0; start < changes.length; start += batchSize) {
      await judgeBatch(object, changes.slice(start, start + batchSize), round, how);
    }
    round.totals.seen += changes.length;
  }

  async function judgeBatch(
    object: SharedObject,
    changes: readonly CrmChange[],
    { totals, refused }: Round,
    how: Judging,
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
        await refused.carryOut(state.linked.row?.id ?? null, async () => {
          if (await act(object, crmId, state)) totals.actions += 1;
          else if (!(await wake(object, crmId, state, how))) return;
          totals.signalled += 1;
        });
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
      const { rowId } = change;
      if (await refused.carryOut(rowId, () => actWithoutRecord(object, change, rowId))) totals.actions += 1;
    }
  }

  /**
   * Actions on rows that are not the row of a record: a referral that gets its record on acceptance, and a possible duplicate, are
   * answered, stopped and resumed under their ACE id, Retry goes to the files that wait, and a second row of a record is told which row counts.
   */
  async function actWithoutRecord(object: SharedObject, change: CrmChange, rowId: string): Promise<void> {
    const clear = async (fields: Readonly<Record<string, CrmValue>> = {}) =>
      expectWritten(await deps.crm.write('sync', { id: rowId }, { ...fields, Action__c: null }), `action of ${rowId}`);
    if (change.crmId !== null) return clear({ Status__c: 'Excluded', Reason__c: secondRow });
    if (change.aceId === null) return clear({ Status__c: 'Excluded', Reason__c: recordGone });
    const [state] = change.aceId === null ? [] : await readLinked(deps, object, [{ aceId: change.aceId }]);
    if (change.aceId !== null && state?.linked.row?.id === rowId && withoutRecord.has(change.action ?? '')) {
      await act(object, change.aceId, state);
      return;
    }
    const { action } = change;
    if (state !== undefined && action !== null && action in actionEffects)
      await noteOutcomes(deps, [recordLine('action', object, state, action, 'PERSON')]);
    if (change.action === 'Retry') await retryParkedRecord(deps, change.aceId);
    await clear();
  }

  /** Wakes the upload of a record that has something due. @returns whether it has */
  async function wake(object: SharedObject, crmId: string, state: LinkedState, how: Judging): Promise<boolean> {
    const decision = isLifeDue(state.linked) ? null : await decideUpload(deps, object, state, { retry: false });
    const isHeld = decision?.kind === 'hold' || decision?.kind === 'wait';
    if (decision !== null && !isDue(decision, state) && !(how.wakesHeld && isHeld)) return false;
    const wasHeard = how.unheard === null || decision?.kind !== 'send' || (await isUploadOpen(deps, object, crmId));
    if (!wasHeard) how.unheard?.add(crmId);
    await signalUpload(deps, object, crmId, { signal: 'recordChanged' });
    return true;
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
    // Before the upload hears of it: what it sends is compared with what AWS said meanwhile.
    if (effect.bringsInMissed) await bringIn(state.stamp);
    if (effect.signal === 'retry') await signalUpload(deps, object, crmId, { signal: 'retry' });
    if (effect.signal === 'recordChanged') await signalUpload(deps, object, crmId, { signal: 'recordChanged', urgent });
    if (effect.retriesFiles) await retryParkedRecord(deps, state.stamp.aceId);
    await noteOutcomes(deps, [recordLine('action', object, state, action, 'PERSON')]);
    expectWritten(await using.crm.write('sync', { id: row.id }, { Action__c: null }), `action of ${row.id}`);
    deps.log.info({ row: row.id, action }, 'A person acted in the CRM.');
    return true;
  }
}

function relatedPathsOf({ mapping, sample }: Dependencies, object: SharedObject): readonly string[] {
  return [...new Set([...mapping[object].relatedPaths, ...(sample?.mapping[object].relatedPaths ?? [])])];
}
