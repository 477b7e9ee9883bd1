import {
  ActivityFailure,
  ApplicationFailure,
  allHandlersFinished,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Evidence } from '../activities/look-for-evidence.ts';
import type { UploadPlan } from '../activities/plan-upload.ts';
import type { Send } from '../mapping/sync-state.ts';
import { crmActivities } from './activity-proxies.ts';
import { readCarried } from './carried-upload.ts';
import { describeUpload } from './details.ts';
import {
  type ResultEvidence,
  resultHandled,
  type UploadInput,
  type UploadPhase,
  type UploadResult,
  type UploadWait,
} from './messages.ts';
import { searchAttributeUpdates } from './search-attributes.ts';
import { openUploadInbox, type UploadInbox, type Wishes } from './upload-inbox.ts';

/**
 * Everything that one CRM record sends to ACE, one file at a time. On every wake it asks anew what is due; signals only
 * wake it. The only writer of the record's sending state.
 */
export async function uploadRecord(input: UploadInput): Promise<UploadResult> {
  const carried = readCarried(input.carried);
  const inbox = openUploadInbox(carried);
  const upload = new Upload(input, carried?.wait ?? null, inbox);
  await upload.resume();
  for (;;) {
    const evidence = inbox.takeEvidence();
    if (evidence !== null) {
      await upload.settle(evidence);
      continue;
    }
    const reason = inbox.takeAbandon();
    if (reason !== null) await upload.stop(reason);
    if (inbox.hasEvidence()) continue;
    const wishes = inbox.takeWishes();
    const plan = await upload.plan(wishes);
    // Planning lasts as long as the connection is held; what was heard meanwhile comes first.
    if (inbox.wantsEnd() || inbox.hasEvidence()) {
      inbox.giveBack(wishes);
      continue;
    }
    const result = await upload.follow(plan);
    if (result !== null) return result;
  }
}

/** The steps of an upload, each a method; state between them lives in the CRM, not here. */
class Upload {
  readonly #input: UploadInput;
  /** The wait that was carried through continue-as-new. */
  readonly #resumed: UploadWait | null;
  readonly #inbox: UploadInbox;
  readonly #crm = crmActivities(workflowInfo().taskQueue);
  /** Names that this run has put itself; an intent of another name was left by a run that was cut short. */
  readonly #put = new Set<string>();
  /** A file whose time limit passed before this run: it is looked for at once instead of waited for again. */
  #overdue: string | null;
  #sent = 0;

  constructor(input: UploadInput, wait: UploadWait | null, inbox: UploadInbox) {
    this.#input = input;
    this.#resumed = wait;
    this.#inbox = inbox;
    if (wait?.send && wait.put) this.#put.add(wait.send.name);
    this.#overdue = wait?.send?.name ?? null;
  }

  /** What every activity is told of the record. */
  get #record() {
    const { object, crmId } = this.#input;
    return this.#inbox.isUrgent() ? { object, crmId, urgent: true } : { object, crmId };
  }

  async plan({ retry, resend }: Wishes): Promise<UploadPlan> {
    this.#show('planning', null);
    const plan = await this.#crm.planUpload({
      ...this.#record,
      retry,
      ...(resend.length === 0 ? {} : { resend }),
    });
    this.#inbox.steps.add('planned', 'mark' in plan && plan.mark?.code ? plan.mark.code : plan.kind);
    if (plan.aceId !== null) upsertSearchAttributes(searchAttributeUpdates({ AceId: plan.aceId }));
    return plan;
  }

  /** @returns the result of the upload when nothing is left to do, else null. */
  async follow(plan: UploadPlan): Promise<UploadResult | null> {
    switch (plan.kind) {
      case 'send':
        await this.#send(plan.send);
        return null;
      case 'inFlight':
        if (plan.send.name === this.#overdue) await this.#resolveOverdue(plan.send, false);
        else if (plan.shared || this.#put.has(plan.send.name))
          await this.#awaitResult(plan.send, plan.waits.resultTimeLimit);
        else await this.#putFile(plan.send, true);
        return null;
      case 'hold':
      case 'wait':
        await this.#crm.markUpload({ ...this.#record, mark: plan.mark });
        return this.#rest(plan);
      case 'settled':
        await this.#crm.markUpload({ ...this.#record, mark: plan.mark });
        if (this.#inbox.hasNews()) return null;
        await condition(allHandlersFinished);
        if (this.#inbox.hasNews()) return null;
        this.#show('done', null, plan.outcome);
        return { outcome: this.#sent > 0 ? 'accepted' : plan.outcome, sent: this.#sent };
    }
  }

  /** Handles one processed result and tells the workflow of its file, which deletes the file only then. */
  async settle(evidence: ResultEvidence): Promise<void> {
    const { replyTo, ...result } = evidence;
    const settled = await this.#crm.settleUpload({ ...this.#record, result });
    this.#inbox.steps.add('answered', settled.code);
    if (settled.accepted) this.#sent += 1;
    if (replyTo === null) return;
    try {
      await getExternalWorkflowHandle(replyTo).signal(resultHandled, { crmId: this.#input.crmId, name: evidence.name });
    } catch (error) {
      // The file's workflow is closed already: it was handled before, or is found again by the next scan.
      if (!(error instanceof ApplicationFailure && error.type === 'ExternalWorkflowExecutionNotFound')) throw error;
    }
  }

  /** Gives the record up as the person asked: what ACE may hold is left to its answer, and nothing more is sent. */
  async stop(reason: string): Promise<void> {
    const { evidence, code } = await this.#crm.stopUpload({ ...this.#record, reason, put: [...this.#put] });
    this.#inbox.steps.add('stopped', code);
    if (evidence !== null) this.#inbox.add(evidence);
  }

  /** Continues a wait that was carried through continue-as-new. */
  async resume(): Promise<void> {
    const wait = this.#resumed;
    if (wait === null) return;
    this.#show(wait.kind === 'person' ? 'held' : 'waiting', wait);
    const heard = await condition(() => this.#inbox.hasNews(), wait.milliseconds, { summary: summaries[wait.kind] });
    this.#inbox.steps.add('woke', heard ? 'MESSAGE' : 'PROBE');
    const askedForResend =
      wait.kind === 'person' && this.#inbox.wantsRetry() && !this.#inbox.wantsEnd() && !this.#inbox.hasEvidence();
    if (askedForResend && wait.send !== null) await this.#resendLost(wait.send);
  }

  async #send(send: Send): Promise<void> {
    this.#show('sending', null, 'sending', send.name);
    // The intent stands in the CRM before the file stands in the bucket (design.md, rule 4).
    const intent = await this.#crm.writeIntent({ ...this.#record, send });
    if (intent.kind === 'written') await this.#putFile(send, false);
  }

  async #putFile(send: Send, adopted: boolean): Promise<void> {
    try {
      const { kind } = await this.#crm.putFile({ ...this.#record, send, adopted });
      if (kind === 'unseen') return await this.#resolveOverdue(send, false);
      this.#inbox.steps.add('put', adopted ? 'ADOPTED' : 'NEW');
      this.#overdue = null;
      this.#put.add(send.name);
    } catch (error) {
      if (!isRenderChanged(error)) throw error;
      await this.#resolveOverdue(send, true);
    }
  }

  /** A person's retry before the time limit only looks for the result: a file that ACE is working on is never doubled. */
  async #awaitResult(send: Send, milliseconds: number): Promise<void> {
    this.#show('waitingForResult', null, 'waiting', send.name);
    const summary = `Processed result of ${send.name}`;
    const deadline = Date.now() + milliseconds;
    while (Date.now() < deadline) {
      const heard = () => this.#inbox.hasEvidence() || this.#inbox.wantsRetry() || this.#inbox.wantsEnd();
      await condition(heard, deadline - Date.now(), { summary });
      if (this.#inbox.hasEvidence() || this.#inbox.wantsEnd()) return;
      if (!this.#inbox.wantsRetry()) break;
      this.#inbox.dropRetry();
      const known = await this.#look(send);
      if (known.kind !== 'result') continue;
      this.#inbox.add(known.evidence);
      return;
    }
    await this.#resolveOverdue(send, false);
  }

  /** Looks at what ACE knows of a file without result; resends nothing that may still be on its way (rule 4). */
  async #resolveOverdue(send: Send, contentChanged: boolean): Promise<void> {
    const known = await this.#look(send);
    if (known.kind === 'result') {
      this.#inbox.add(known.evidence);
      return;
    }
    if (known.kind === 'released' || (known.kind === 'neverSent' && contentChanged)) {
      await this.#release(send, known.kind === 'released');
      return;
    }
    if (known.kind === 'neverSent') {
      this.#put.delete(send.name);
      this.#overdue = null;
      return;
    }
    await this.#crm.markUpload({ ...this.#record, mark: known.mark });
    const kind = known.kind === 'lost' ? 'person' : 'result';
    const { reason, code, fixBy } = known.mark;
    await this.#enterWait({ kind, reason, code, fixBy, send }, known.milliseconds);
  }

  /**
   * A person, told that ACE took the new record without an answer, decided to send it again (rule 4). The retry stays for
   * the plan that follows, because the content may have been refused before.
   */
  async #resendLost(send: Send): Promise<void> {
    const known = await this.#look(send);
    if (known.kind !== 'result' && known.kind !== 'pending') return this.#release(send, false);
    this.#inbox.dropRetry();
    if (known.kind === 'result') this.#inbox.add(known.evidence);
  }

  async #release(send: Send, unanswered: boolean): Promise<void> {
    await this.#crm.releaseIntent({ ...this.#record, name: send.name, unanswered });
    this.#inbox.steps.add('released', send.kind);
  }

  async #look(send: Send): Promise<Evidence> {
    const acknowledged = this.#put.has(send.name);
    const known = await this.#crm.lookForEvidence({ ...this.#record, send, acknowledged });
    this.#inbox.steps.add('looked', known.kind);
    return known;
  }

  async #rest(plan: Extract<UploadPlan, { kind: 'hold' | 'wait' }>): Promise<null> {
    if (this.#inbox.hasNews()) return null;
    this.#inbox.calm();
    const milliseconds = plan.kind === 'hold' ? undefined : plan.milliseconds;
    const kind = plan.kind === 'hold' ? 'person' : milliseconds === undefined ? 'state' : 'time';
    await this.#enterWait(
      { kind, reason: plan.mark.reason, code: plan.mark.code, fixBy: plan.mark.fixBy, send: null },
      milliseconds ?? plan.waits.probeInterval,
    );
    return null;
  }

  /** Waits in a new run: its history is a few events, and what wakes up is the current code. */
  async #enterWait(wait: Omit<UploadWait, 'since' | 'milliseconds' | 'put'>, milliseconds: number): Promise<void> {
    const { send } = wait;
    const before = this.#resumed;
    const since = before?.code === wait.code ? before.since : new Date().toISOString();
    this.#inbox.steps.add(wait.kind === 'person' ? 'held' : 'waited', wait.code);
    await condition(allHandlersFinished);
    await continueAsNew<typeof uploadRecord>({
      ...this.#input,
      carried: {
        v: 2,
        ...this.#inbox.carry(),
        wait: { ...wait, put: send !== null && this.#put.has(send.name), since, milliseconds },
      },
    });
  }

  #show(phase: UploadPhase, wait: UploadWait | null, outcome: string = phase, name: string | null = null): void {
    const state = {
      phase,
      waitsFor: wait?.kind ?? null,
      reason: wait?.reason ?? null,
      fixBy: wait?.fixBy ?? null,
      code: wait?.code ?? null,
      since: wait?.since ?? null,
      name: name ?? wait?.send?.name ?? null,
    };
    this.#inbox.publish(state);
    upsertSearchAttributes(searchAttributeUpdates({ AceOutcome: outcome, AceReason: wait?.code ?? null }));
    setCurrentDetails(describeUpload(this.#input, state));
  }
}

/** What the Web UI says of the timer of each wait. */
const summaries: Readonly<Record<UploadWait['kind'], string>> = {
  person: 'Look again, though nobody acted',
  result: 'Look again, though nothing was heard',
  state: 'Look again, though nothing was heard',
  time: 'Send again',
};

function isRenderChanged(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.type === 'RENDER_CHANGED';
}
