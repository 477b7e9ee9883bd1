import { createHash } from 'node:crypto';
import { writeAceFile } from '../ace/envelope.ts';
import { makeInboundFileName, parseInboundFileName } from '../ace/file-name.ts';
import { messagePatterns } from '../ace/message-patterns.ts';
import type { CrmFields, Linked, SharedObject } from '../crm/crm.ts';
import type { Status } from '../crm/data-model.ts';
import { catalogue, type ErrorCode, type FixBy, type Problem } from '../errors.ts';
import { type OutboundPlan, planOutbound } from '../mapping/outbound.ts';
import { problemOf, type ReasonCode } from '../mapping/reasons.ts';
import { readRuleAnswer } from '../mapping/referral-answer.ts';
import { saidByUpload, saysParked, stoppedByPerson } from '../mapping/row-status.ts';
import { attemptsWith } from '../mapping/sent-attempts.ts';
import { isBefore, refusedSinceExport, type Send } from '../mapping/sync-state.ts';
import { mappingOf, type PlanningDependencies } from './dependencies.ts';
import { type LinkedState, lacksAceId } from './linked-records.ts';
import { readPersonIntent } from './person-actions.ts';
import { isPingPong, pingPong } from './ping-pong.ts';
import { preflight } from './preflight.ts';
import { isWaveFile } from './read-result.ts';
import { standingMark } from './standing-mark.ts';

/** What a companion row shall say: status, the sentence, its code, who can move it on, and every problem at once. */
export interface Mark {
  readonly status: Status;
  /** Null when there is nothing to act on or wait for. */
  readonly code: string | null;
  readonly reason: string | null;
  readonly fixBy: FixBy | null;
  readonly problems: readonly Problem[];
}

/** A mark that holds a record: it always has a code and a sentence. */
export type HeldMark = Mark & { readonly code: string; readonly reason: string };

export type UploadDecision = { readonly keptHere?: string | null } & DueStep;

type DueStep =
  | { readonly kind: 'send'; readonly send: Send }
  /** A file is on its way. `shared` files (backfill waves) are put by the wave and only waited for here. */
  | { readonly kind: 'inFlight'; readonly send: Send; readonly shared: boolean }
  /** Needs a person. */
  | { readonly kind: 'hold'; readonly mark: HeldMark }
  /** Waits for a state of ACE (review, acceptance) that inbound processing will show, or for time to pass. */
  | { readonly kind: 'wait'; readonly mark: HeldMark; readonly milliseconds?: number }
  /** Nothing is due. `mark` is null when there is nothing to say either. */
  | { readonly kind: 'settled'; readonly outcome: 'nothing' | 'notShared' | 'gone'; readonly mark: Mark | null };

/** The file that would go out, in memory only: its bytes never travel through a history. */
export interface RenderedFile {
  readonly send: Send;
  readonly bytes: Buffer;
}

const obstacleCodes = { foreign: 'FOREIGN_STAMP', unreadable: 'STATE_UNREADABLE' } as const;

/** State on the record that this installation must not touch. */
export const obstacles: Readonly<Record<'foreign' | 'unreadable', Problem>> = {
  foreign: { code: obstacleCodes.foreign, ...catalogue.FOREIGN_STAMP },
  unreadable: { code: obstacleCodes.unreadable, ...catalogue.STATE_UNREADABLE },
};

/**
 * What is due for one record, computed anew from CRM state, ACE status, intent and evidence (design.md, rule 1), and what
 * the row shall say of changes that ACE takes no more (`OutboundPlan.keptHere`).
 */
export async function decideUpload(
  deps: PlanningDependencies,
  object: SharedObject,
  state: LinkedState,
  options: { readonly retry: boolean },
): Promise<UploadDecision> {
  const { record, row } = state.linked;
  if (record === null && row === null) return { kind: 'settled', outcome: 'gone', mark: null };
  // The answer to a file that was on its way still comes by its result; a stopped record asks for nothing more.
  if (state.obstacle !== 'foreign' && stoppedByPerson(row?.fields ?? null))
    return { kind: 'settled', outcome: 'notShared', mark: null };
  if (state.obstacle !== null) return { kind: 'hold', mark: markOf('Held', [obstacles[state.obstacle]]) };
  if (state.intent !== null) return { kind: 'inFlight', send: state.intent, shared: isWaveFile(state.intent.name) };
  // Whoever plans an upload has tried to write it by now (`linkRecord`).
  if (lacksAceId(state)) return { kind: 'hold', mark: markOf('Needs attention', [problemOf('ACE_ID_NOT_WRITTEN')]) };
  const plan = await planRecord(deps, object, state);
  const { keptHere } = plan;
  return { ...decideByPlan(deps, object, state, plan, options), ...(keptHere === undefined ? {} : { keptHere }) };
}

function decideByPlan(
  deps: PlanningDependencies,
  object: SharedObject,
  state: LinkedState,
  plan: OutboundPlan,
  options: { readonly retry: boolean },
): DueStep {
  if (plan.payload === null) return withoutFile(deps, object, state, plan);
  const [first, ...others] = preflight(deps, object, state, plan);
  if (first !== undefined) return { kind: 'hold', mark: markOf('Needs data', [first, ...others]) };
  const { send } = render(deps, object, state, plan);
  if (options.retry) return { kind: 'send', send };
  return isPingPong(state, deps.now(), deps.config.pingPong)
    ? { kind: 'hold', mark: markOf('Held', [pingPong]) }
    : (unlessTried(deps, state, send) ?? unlessAnswered(state, send));
}

/** Whether the decision asks for something that the record's row does not say already. */
export function isDue(decision: UploadDecision, { linked }: LinkedState): boolean {
  if (isKeptOtherwise(decision.keptHere, linked)) return true;
  switch (decision.kind) {
    case 'send':
    case 'inFlight':
      return true;
    case 'hold':
    case 'wait':
      return (
        linked.row?.fields.Reason_Code__c !== decision.mark.code && !asksMore(linked.row?.fields ?? null, decision.mark)
      );
    case 'settled':
      return decision.mark !== null;
  }
}

/** Statuses of a record that waits for AWS and asks nothing of anybody. */
const waitsForAws: ReadonlySet<Status> = new Set<Status>(['Sending', 'In AWS review', 'Synced']);

/**
 * Whether the row says what a person must do before an export can be written, which is more than that the record waits.
 * Else inbound processing and the upload would each write it again after the other.
 */
export const asksMore = (row: CrmFields | null, { status, code }: Mark): boolean =>
  waitsForAws.has(status) && code !== null && saysParked(row);

/** Whether the row says something else of what is kept here. */
export function isKeptOtherwise(keptHere: string | null | undefined, { row }: Linked): boolean {
  return keptHere !== undefined && keptHere !== (row?.fields.Kept_Here__c ?? null);
}

/** The file as it would go out now; null when nothing is due. The intent is left aside, because it is what is rendered. */
export async function renderUpload(
  deps: PlanningDependencies,
  object: SharedObject,
  state: LinkedState,
): Promise<RenderedFile | null> {
  const plan = await planRecord(deps, object, state);
  return plan.decision === 'send' ? render(deps, object, state, plan) : null;
}

/** Plans with the mapping alone: what differs from what both sides agreed on. */
export function planRecord(
  deps: PlanningDependencies,
  object: SharedObject,
  state: LinkedState,
): Promise<OutboundPlan> {
  const { config, hash, now } = deps;
  const { row } = state.linked;
  const { acceptance } = readPersonIntent(row?.fields.Intent__c);
  const time = now().toISOString();
  return planOutbound({
    mapping: mappingOf(deps, state.stamp.recordId),
    object,
    linked: state.linked,
    sent: state.sent,
    received: state.received,
    hash,
    stamp: state.stamp,
    payloadVersion: config.ace.payloadVersion,
    programme: config.ace.programme,
    today: time.slice(0, 10),
    now: time,
    intentFields:
      acceptance === undefined
        ? readRuleAnswer(row?.fields.Rule_Answer__c)
        : { acceptance: acceptance.answer, rejectionReason: acceptance.reason },
  });
}

function withoutFile(
  { now }: PlanningDependencies,
  object: SharedObject,
  state: LinkedState,
  plan: OutboundPlan,
): DueStep {
  const { linked } = state;
  const [first = problemOf(plan.reasonCode), ...others] = plan.problems;
  switch (plan.decision) {
    case 'hold':
      return {
        kind: 'hold',
        mark: markOf(first.field === undefined ? 'Needs attention' : 'Needs data', [first, ...others]),
      };
    case 'wait':
      return { kind: 'wait', mark: markOf(waitStatus[plan.reasonCode] ?? 'In AWS review', [first, ...others]) };
    case 'notShared':
      return { kind: 'settled', outcome: 'notShared', mark: leftOutMark(object, state, plan, now()) };
    default: {
      // What an earlier hold said is over once nothing is due any more.
      const { Status__c: status, Reason_Code__c: code } = linked.row?.fields ?? {};
      const unlinked = code === ('ACE_ID_NOT_WRITTEN' satisfies ReasonCode);
      // Resume took the words off a row: where the record stands is said again.
      const unsaid = (status ?? null) === null && linked.row !== null && state.received !== null;
      const closed = refusedSinceExport(state.sent, state.received?.at ?? null);
      const over = !closed && (saidByUpload(linked.row?.fields ?? null) || unsaid) && linked.record?.aceId !== null;
      const synced: Mark = { status: 'Synced', code: null, reason: null, fixBy: null, problems: [] };
      // What no export has shown yet was just created.
      const unseen = unlinked ? markOf('In AWS review', [problemOf('ACE_IN_REVIEW')]) : synced;
      return {
        kind: 'settled',
        outcome: 'nothing',
        mark: over ? (standingMark(object, state, now()) ?? unseen) : null,
      };
    }
  }
}

/** Why the mapping or the contract leaves out a record that has a row, so that somebody may expect it at AWS. */
const leavesOut: ReadonlySet<string> = new Set<ReasonCode>(['SHARE_RULE_SAYS_NO', 'LEADS_COME_FROM_AWS']);

/** Said where ACE's last export leaves nothing else to say, such as a referral to accept, and inbound does not say the like. */
function leftOutMark(object: SharedObject, state: LinkedState, { reasonCode }: OutboundPlan, now: Date): Mark | null {
  const { row } = state.linked;
  const said = row?.fields.Reason_Code__c ?? null;
  if (row === null || !leavesOut.has(reasonCode) || said === reasonCode || said === 'DISREGARDED') return null;
  const standing = standingMark(object, state, now);
  return standing === null || standing.code === null ? markOf('Not shared', [problemOf(reasonCode)]) : null;
}

/** What a record that waits for ACE is called, where it is not a review. */
const waitStatus: Readonly<Partial<Record<ReasonCode, Status>>> = {
  ACE_NOT_ACCEPTED: 'Needs attention',
  ACE_ACTION_REQUIRED: 'Needs attention',
  ACCEPTANCE_SENT: 'Sending',
  CREATED_ON_ACCEPTANCE: 'Needs attention',
  NOT_OPEN_NOW: 'Synced',
};

function render(
  { config, now }: PlanningDependencies,
  object: SharedObject,
  state: LinkedState,
  plan: OutboundPlan,
): RenderedFile {
  const { spmsId, payloadVersion } = config.ace;
  const bytes = writeAceFile({ object, version: payloadVersion, spmsId, records: [plan.payload ?? {}] });
  const sha = createHash('sha256').update(bytes).digest('hex');
  const at = now();
  const name = makeInboundFileName({
    prefix: config.installation,
    object,
    recordId: state.linked.record?.id ?? state.stamp.aceId ?? '',
    sha,
    attempt: (state.sent?.count ?? 0) + 1,
    at,
  });
  return { send: { name, sha, at: at.toISOString(), kind: plan.kind, fields: { ...plan.fields } }, bytes };
}

/** What ACE could not take, or did not answer, is sent again after a pause, and by a person once that did not help. */
function unlessTried({ config, now }: PlanningDependencies, { sent }: LinkedState, send: Send): DueStep | null {
  const attempts = attemptsWith(sent, send);
  if (attempts === null) return null;
  // Without details of its own, so that those of ACE's answer stay on the row.
  const say = (status: Status, code: 'TRIED_ENOUGH' | 'TRY_AGAIN_LATER') => ({
    ...markOf(status, [problemOf(code)]),
    problems: [],
  });
  const { after, most } = config.tryAgain;
  if (attempts.count >= most) return { kind: 'hold', mark: say('Needs attention', 'TRIED_ENOUGH') };
  const milliseconds = Date.parse(attempts.at) + after * 1000 - now().getTime();
  return milliseconds <= 0 ? null : { kind: 'wait', mark: say('Sending', 'TRY_AGAIN_LATER'), milliseconds };
}

/**
 * Content that ACE refused is not sent again unchanged: it waits for a correction or a person's retry. After "not
 * editable" it waits for an export that is newer than the refusal (interleavings: the event may have come already).
 */
function unlessAnswered(state: LinkedState, send: Send): DueStep {
  const last = state.sent?.lastResult ?? null;
  const sameContent = last !== null && parseInboundFileName(last.name)?.sha8 === send.sha.slice(0, 8);
  if (last === null || last.class === 'accepted' || last.class === 'alreadySo') return { kind: 'send', send };
  if (last.class === 'waitForReview') {
    // An approval in the refusal's own second may be the later one: sent once more, the answer settles it.
    return state.received === null || isBefore(state.received.at, last.at)
      ? { kind: 'wait', mark: markOf('In AWS review', [problemOf('ACE_IN_REVIEW')]) }
      : { kind: 'send', send };
  }
  if (otherIds.has(last.code)) return { kind: 'hold', mark: heldByResult(state, last.code) };
  if (!sameContent || last.class === 'tryAgain') return { kind: 'send', send };
  return { kind: 'hold', mark: heldByResult(state, last.code) };
}

/** ACE took a file for another record: whatever is edited here, only a person sends again. */
const otherIds: ReadonlySet<string> = new Set<ErrorCode>(['ACE_ID_DIFFERS', 'ACE_ID_TAKEN']);

/** The row already carries what ACE said; only its code is repeated, so that nothing is overwritten. */
function heldByResult({ linked }: LinkedState, code: string): HeldMark {
  const said = linked.row?.fields.Reason__c;
  const reason = typeof said === 'string' ? said : 'AWS refused this content before.';
  const fixBy = messagePatterns.find((one) => one.code === code)?.fixBy ?? 'engineer';
  return { status: 'Needs attention', code, reason, fixBy, problems: [] };
}

/** A mark made of problems: the first gives reason and addressee, all of them the details. */
export function markOf(status: Status, problems: readonly [Problem, ...Problem[]]): HeldMark {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return { status, code: first.code, reason: `${first.message} ${first.fix}${more}`, fixBy: first.fixBy, problems };
}
