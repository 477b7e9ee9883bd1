import type { RecordResult } from '../ace/processed-result.ts';
import { type ClassifiedMessage, classifyRecordResult } from '../ace/result-messages.ts';
import type { CrmValue, SharedObject } from '../crm/crm.ts';
import type { SyncField } from '../crm/data-model.ts';
import { AceSyncError, type Problem } from '../errors.ts';
import { problemOf } from '../mapping/reasons.ts';
import { stoppedByPerson } from '../mapping/row-status.ts';
import { withAttempt, withoutAttempts } from '../mapping/sent-attempts.ts';
import {
  emptySentState,
  isBefore,
  type Send,
  type SentState,
  withAcceptedSend,
  writeState,
} from '../mapping/sync-state.ts';
import type { ResultEvidence } from '../workflows/messages.ts';
import { type Mark, markOf, obstacles } from './decide-upload.ts';
import type { Dependencies } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import { holdOnOtherId } from './hold-on-other-id.ts';
import { linkRecord, notLinked } from './link-record.ts';
import { type LinkedState, readLinkedRecord, writeRow } from './linked-records.ts';
import { rowFieldsOf } from './mark-upload.ts';
import { noteOutcomes } from './note-outcome.ts';
import { readAnswer } from './read-answer.ts';
import { retryParkedRecord } from './retry-parked-files.ts';
import { standingMark } from './standing-mark.ts';
import { createAnswerDriftWatch } from './watch-drift.ts';

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
 * An answer with an ACE id that is not this record's links nothing: it counts as a refusal that only a person ends.
 */
export function settleUpload(deps: Dependencies) {
  const noteUnknown = createAnswerDriftWatch(deps);
  return async (input: { object: SharedObject; crmId: string; result: Evidence }): Promise<SettledUpload> => {
    const { object, crmId, result } = input;
    const state = await readLinkedRecord(deps, object, crmId);
    if (state.obstacle === 'unreadable') return waitForReadableState(deps, object, state);
    const part = await readAnswer(deps, object, result);
    const answered = part === null ? judgeLost(result) : judge(part);
    const note = (answer: { outcome: string; code: string; aceId: string | null }) =>
      noteOutcomes(deps, [answerLine(object, crmId, result, answer)]);
    const missing = obstacleOf(state);
    if (missing !== null) {
      await note({ outcome: 'notTaken', code: missing, aceId: answered.aceId });
      return { accepted: false, code: missing };
    }
    const otherId = await holdOnOtherId(deps, object, state, answered.aceId);
    const verdict = otherId === null ? answered : refusedFor(otherId);
    const aceId = verdict.aceId ?? state.linked.row?.aceId ?? null;
    const sent = state.sent ?? emptySentState(state.stamp);
    const send = [state.intent, ...sent.sends].find((candidate) => candidate?.name === result.name) ?? null;
    const speaks = verdict.closes && speaksOfNow(state.intent, sent, result.name, verdict);
    const taken = verdict.accepted ? withAccepted(sent, send, aceId, result) : sent;
    const settled = speaks ? withLastResult(taken, result, verdict, deps.now()) : taken;

    const refusal = verdict.accepted ? (await linkRecord(deps, object, state, aceId, result.name)).refusal : null;
    const outcome = await writeRow(deps, object, state, {
      ...(aceId === null || !verdict.accepted ? {} : { ACE_Id__c: aceId }),
      ...(speaks ? statusFields(deps, object, state, send, result, { ...verdict, refusal }) : {}),
      ...(state.intent?.name === result.name && verdict.closes ? { Sending__c: null } : {}),
      Sent_State__c: writeState(settled),
    });
    expectWritten(outcome, `sending state of ${crmId}`);
    await noteUnknown(object, result.name, answered.texts);
    const saysNothing = otherId !== null || !verdict.closes;
    const said = verdict.accepted ? 'accepted' : 'refused';
    await note({ outcome: saysNothing ? 'notTaken' : said, code: verdict.code, aceId: aceId ?? answered.aceId });
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

/** What says nothing of the file's fate stands under an id of its own: what was settled of this file before stands. */
const answerLine = (
  object: SharedObject,
  crmId: string,
  { name, index, journalSha }: Evidence,
  answer: { outcome: string; code: string; aceId: string | null },
) => ({
  id: answer.outcome === 'notTaken' ? `${name}#${crmId}#${answer.code}` : `${name}#${crmId}`,
  kind: 'upload' as const,
  object,
  file: name,
  index,
  crmId,
  sha: journalSha,
  ...answer,
});

/** Why there is no state into which the answer could be taken; null when there is. */
function obstacleOf({ obstacle, linked }: LinkedState): 'FOREIGN_STAMP' | 'RECORD_GONE' | null {
  if (obstacle !== null) return 'FOREIGN_STAMP';
  return linked.record === null && linked.row === null ? 'RECORD_GONE' : null;
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

const refusedFor = (problem: Problem): Verdict => ({
  accepted: false,
  closes: true,
  class: 'needsPerson',
  code: problem.code,
  aceId: null,
  messages: [{ class: 'needsPerson', code: problem.code, fields: [], problem }],
  texts: [],
});

/** Of an answer that is lost only the evidence is left: whether ACE took the record, without its words and its id. */
function judgeLost({ success }: Evidence): Verdict {
  if (!success) return refusedFor(problemOf('ANSWER_LOST'));
  return judge({ partnerId: null, aceId: null, isSuccess: true, errors: [], warnings: [] });
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

function withLastResult(sent: SentState, { name, processedAt: at }: Evidence, verdict: Verdict, now: Date): SentState {
  const before = sent.lastResult;
  const counted = verdict.class === 'tryAgain' ? withAttempt(sent, name, now.toISOString()) : withoutAttempts(sent);
  if (verdict.accepted) return { ...counted, lastResult: { name, at, class: 'accepted', code: 'ACCEPTED' } };
  if (before?.name === name && before.class === 'accepted') return sent;
  return { ...counted, lastResult: { name, at, class: verdict.class, code: verdict.code } };
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
  const overtaken = state.received !== null && !isBefore(state.received.at, result.processedAt);
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
