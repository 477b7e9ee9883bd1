import { type RecordResult, readProcessedResult } from '../ace/processed-result.ts';
import { type ClassifiedMessage, classifyRecordResult } from '../ace/result-messages.ts';
import type { CrmValue, SharedObject } from '../crm/crm.ts';
import type { SyncField } from '../crm/data-model.ts';
import { AceSyncError, catalogue, type Problem } from '../errors.ts';
import { problemOf } from '../mapping/reasons.ts';
import { stoppedByPerson } from '../mapping/row-status.ts';
import { emptySentState, type Send, type SentState, withAcceptedSend, writeState } from '../mapping/sync-state.ts';
import type { ResultEvidence } from '../workflows/messages.ts';
import { type Mark, markOf, obstacles } from './decide-upload.ts';
import type { Dependencies } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import { linkRecord, notLinked } from './link-record.ts';
import { type LinkedState, readLinkedRecord, writeRow } from './linked-records.ts';
import { rowFieldsOf } from './mark-upload.ts';
import { noteOutcomes } from './note-outcome.ts';
import { retryParkedRecord } from './retry-parked-files.ts';
import { standingMark } from './standing-mark.ts';

export interface SettledUpload {
  /** ACE holds what the file said: accepted now, or already so. */
  readonly accepted: boolean;
  readonly code: string;
}

type Evidence = Omit<ResultEvidence, 'replyTo'>;

/**
 * Takes one processed result into the record's sending state: what was accepted becomes agreed as the file rendered it,
 * what was refused is kept with its reason, and the intent is closed. Doing it again changes nothing: per name, success
 * dominates and is never downgraded (design.md, rule 4).
 * When ACE names another id than the one we hold, the whole connection is held instead.
 */
export function settleUpload(deps: Dependencies) {
  return async (input: { object: SharedObject; crmId: string; result: Evidence }): Promise<SettledUpload> => {
    const { object, crmId, result } = input;
    const state = await readLinkedRecord(deps, object, crmId);
    if (state.obstacle === 'unreadable') return waitForReadableState(deps, object, state);
    const verdict = judge(await readPart(deps, result));
    const obstacle = await obstacleOf(deps, object, state, verdict);
    if (obstacle !== null) {
      // Under an id of its own: what was settled of this file before stands.
      const id = `${result.name}#${crmId}#${obstacle}`;
      const said = { id, aceId: verdict.aceId, outcome: 'notTaken', code: obstacle };
      await noteOutcomes(deps, [{ ...answerLine(object, crmId, result), ...said }]);
      return { accepted: false, code: obstacle };
    }
    const aceId = verdict.aceId ?? state.linked.row?.aceId ?? null;
    const sent = state.sent ?? emptySentState(state.stamp);
    const send = [state.intent, ...sent.sends].find((candidate) => candidate?.name === result.name) ?? null;
    const speaks = speaksOfNow(state.intent, sent, result.name, verdict);
    const taken = verdict.accepted ? withAccepted(sent, send, aceId, result) : sent;
    const settled = speaks ? withLastResult(taken, result, verdict) : taken;

    const refusal = verdict.accepted ? (await linkRecord(deps, object, state, aceId, result.name)).refusal : null;
    const outcome = await writeRow(deps, object, state, {
      ...(aceId === null || !verdict.accepted ? {} : { ACE_Id__c: aceId }),
      ...(speaks ? statusFields(deps, object, state, send, result, { ...verdict, refusal }) : {}),
      ...(state.intent?.name === result.name && verdict.closes ? { Sending__c: null } : {}),
      Sent_State__c: writeState(settled),
    });
    expectWritten(outcome, `sending state of ${crmId}`);
    const said = { aceId, outcome: verdict.accepted ? 'accepted' : 'refused', code: verdict.code };
    await noteOutcomes(deps, [{ ...answerLine(object, crmId, result), ...said }]);
    await retryParkedRecord(deps, aceId);
    return { accepted: verdict.accepted, code: verdict.code };
  };
}

/**
 * Which file the answer belongs to cannot be known: the row says so, and the answer waits, with its result file, for the
 * release that can read the state.
 */
async function waitForReadableState(deps: Dependencies, object: SharedObject, state: LinkedState): Promise<never> {
  const mark = markOf('Held', [obstacles.unreadable]);
  const said = await writeRow(deps, object, state, rowFieldsOf(mark, state.linked.row?.fields ?? {}, deps.now()));
  expectWritten(said, `companion row of ${state.stamp.recordId}`);
  throw new AceSyncError('STATE_UNREADABLE', `Record ${state.stamp.recordId}.`);
}

const answerLine = (object: SharedObject, crmId: string, { name, index, journalSha }: Evidence) => ({
  id: `${name}#${crmId}`,
  kind: 'upload' as const,
  object,
  file: name,
  index,
  crmId,
  sha: journalSha,
});

/** Why the answer cannot be taken into the record's state; null when it can. */
async function obstacleOf(
  deps: Dependencies,
  object: SharedObject,
  state: LinkedState,
  verdict: Verdict,
): Promise<'FOREIGN_STAMP' | 'RECORD_GONE' | 'ACE_ID_DIFFERS' | null> {
  if (state.obstacle !== null) return 'FOREIGN_STAMP';
  if (state.linked.record === null && state.linked.row === null) return 'RECORD_GONE';
  return (await holdOnOtherId(deps, object, state, verdict)) ? 'ACE_ID_DIFFERS' : null;
}

interface Verdict {
  readonly accepted: boolean;
  /** False for an answer that says nothing of the file's fate, such as a duplicate name. */
  readonly closes: boolean;
  readonly class: ClassifiedMessage['class'];
  readonly code: string;
  readonly aceId: string | null;
  readonly messages: readonly ClassifiedMessage[];
  /** ACE's own words, for the CRM record only. */
  readonly texts: readonly string[];
}

function judge(part: RecordResult): Verdict {
  const { class: verdict, messages } = classifyRecordResult(part);
  return {
    accepted: verdict === 'accepted' || verdict === 'alreadySo',
    closes: verdict !== 'duplicateName',
    class: verdict,
    code: messages[0]?.code ?? 'ACCEPTED',
    aceId: part.aceId,
    messages,
    texts: part.errors,
  };
}

async function readPart({ journal }: Dependencies, evidence: Evidence): Promise<RecordResult> {
  const bytes = await journal.read(evidence.journalSha);
  if (bytes === null) throw new Error('The journal lost a result file that it had taken.');
  // Any key with a result's suffix reads the same content; the evidence names the inbound file.
  const result = readProcessedResult(bytes, { key: `${evidence.name.replace(/\.json$/, '')}_result.json` });
  const whole: RecordResult = { partnerId: null, aceId: null, isSuccess: false, errors: [], warnings: [] };
  if (!result.ok) return { ...whole, errors: ['The answer of AWS cannot be read.'] };
  if (evidence.index === null)
    return { ...whole, errors: [result.wholeFileError ?? 'The answer of AWS does not name the record.'] };
  return result.results[evidence.index] ?? whole;
}

/**
 * A late answer must not speak over what came after its file: while files have no answer yet, only that of the newest
 * one says where the record stands. With none open, a refusal is of a file that a later one has overtaken, or that was
 * never sent, while an acceptance still says that ACE holds the record.
 */
function speaksOfNow(intent: Send | null, sent: SentState, name: string, { accepted }: Verdict): boolean {
  const newest = intent ?? sent.sends.at(-1) ?? null;
  return newest === null ? accepted : newest.name === name;
}

function withAccepted(sent: SentState, send: Send | null, aceId: string | null, result: Evidence): SentState {
  const accepted = send === null ? sent : withAcceptedSend(sent, send, result.processedAt);
  return { ...accepted, stamp: { ...accepted.stamp, aceId: aceId ?? accepted.stamp.aceId } };
}

function withLastResult(sent: SentState, { name, processedAt: at }: Evidence, verdict: Verdict): SentState {
  const before = sent.lastResult;
  if (verdict.accepted) return { ...sent, lastResult: { name, at, class: 'accepted', code: 'ACCEPTED' } };
  if (before?.name === name && before.class === 'accepted') return sent;
  return { ...sent, lastResult: { name, at, class: verdict.class, code: verdict.code } };
}

/** What a person stopped stays stopped, whatever the answer. */
function statusFields(
  deps: Dependencies,
  object: SharedObject,
  state: LinkedState,
  send: Send | null,
  result: Evidence,
  verdict: Verdict & { readonly refusal: Problem | null },
): Partial<Record<SyncField, CrmValue>> {
  if (stoppedByPerson(state.linked.row?.fields ?? null)) return {};
  const fields = rowFieldsOf(
    verdict.refusal === null ? markAfter(deps, object, state, send, result, verdict) : notLinked(verdict.refusal),
    state.linked.row?.fields ?? {},
    deps.now(),
  );
  if (verdict.accepted || verdict.texts.length === 0) return fields;
  const quoted = `AWS answered:\n${verdict.texts.join('\n')}`;
  return { ...fields, Details__c: `${fields.Details__c ?? ''}\n\n${quoted}`.trim().slice(0, 32_000) };
}

/**
 * What was accepted does not speak over a conflict of other fields that nobody answered yet, nor over an export that
 * came before the answer and says already where the record stands.
 */
function markAfter(
  deps: Dependencies,
  object: SharedObject,
  state: LinkedState,
  send: Send | null,
  result: Evidence,
  verdict: Verdict,
): Mark {
  const standing = verdict.accepted ? standingMark(object, state, deps.now()) : null;
  const exportedAt = Date.parse(state.received?.at ?? '');
  // ACE's dates have whole seconds, its answers milliseconds.
  const overtaken = exportedAt >= Math.floor(Date.parse(result.processedAt) / 1000) * 1000;
  return standing !== null && (overtaken || standing.code === 'BOTH_CHANGED') ? standing : markOfVerdict(send, verdict);
}

function markOfVerdict(send: Send | null, verdict: Verdict): Mark {
  const [first, ...others] = verdict.messages.map((message) => message.problem);
  if (!verdict.accepted && first !== undefined) {
    return markOf(verdict.class === 'waitForReview' ? 'In AWS review' : 'Needs attention', [first, ...others]);
  }
  return send?.kind === 'create'
    ? markOf('In AWS review', [problemOf('ACE_IN_REVIEW')])
    : { status: 'Synced', code: null, reason: null, fixBy: null, problems: [] };
}

/** An id that differs means that one of both sides linked the wrong record: nothing more is sent until a person looked. */
async function holdOnOtherId(
  deps: Dependencies,
  object: SharedObject,
  state: LinkedState,
  verdict: Verdict,
): Promise<boolean> {
  const held = state.linked.row?.aceId ?? state.linked.record?.aceId ?? null;
  if (verdict.aceId === null || held === null || verdict.aceId === held) return false;
  const { message, fix, fixBy } = catalogue.ACE_ID_DIFFERS;
  const mark = markOf('Held', [{ code: 'ACE_ID_DIFFERS', message, fix, fixBy }]);
  await writeRow(deps, object, state, rowFieldsOf(mark, state.linked.row?.fields ?? {}, deps.now()));
  const reason = `AWS answered with another ACE id for ${state.linked.record?.id ?? 'a record'}.`;
  expectWritten(
    await deps.crm.write(
      'connection',
      { externalId: 'Connection__c', value: deps.config.connection },
      { Held__c: true, Hold_Reason__c: reason, Requested_State__c: null },
    ),
    'connection row',
  );
  deps.hold.forget();
  deps.log.error({ crmId: state.linked.record?.id, held, answered: verdict.aceId }, 'ACE_ID_DIFFERS');
  return true;
}
