import { setHandler } from '@temporalio/workflow';
import { heedSignal } from './heed-signal.ts';
import { signalShapes } from './message-shapes.ts';
import {
  abandon,
  type CarriedUpload,
  processedResult,
  type ResultEvidence,
  recordChanged,
  retry,
  sendNow,
  type UploadState,
  uploadHistory,
  uploadState,
} from './messages.ts';
import { refuseAbandon, refuseSendNow } from './upload-refusals.ts';
import { createUploadSteps, type UploadSteps } from './upload-steps.ts';

export interface Wishes {
  readonly retry: boolean;
  /** ACE fields whose present values AWS shall have. */
  readonly resend: readonly string[];
}

/** What people and other workflows told an upload since it last looked. Handlers only note; the main loop works. */
export interface UploadInbox {
  /** True when there is a reason to look again: a result, a change, a person's retry, or that it shall be given up. */
  hasNews(): boolean;
  hasEvidence(): boolean;
  wantsRetry(): boolean;
  wantsEnd(): boolean;
  takeEvidence(): ResultEvidence | null;
  /** True when what is due may use the CRM's reserve of API calls. */
  isUrgent(): boolean;
  /** What a person wants of the next plan, together with the hint of a change, which planning anew answers. */
  takeWishes(): Wishes;
  /** Wishes of a plan that was not followed. */
  giveBack(wishes: Wishes): void;
  /** The retry alone. */
  dropRetry(): void;
  /** Nothing urgent is due any more. */
  calm(): void;
  /** The reason to give the upload up, once; null when nobody asked for that. */
  takeAbandon(): string | null;
  add(evidence: ResultEvidence): void;
  /** What must not be lost by continue-as-new. */
  carry(): Omit<CarriedUpload, 'v' | 'wait'>;
  publish(state: UploadState): void;
  readonly steps: UploadSteps;
}

export function openUploadInbox(carried: CarriedUpload | null): UploadInbox {
  const evidence: ResultEvidence[] = [...(carried?.evidence ?? [])];
  let retryWanted = carried?.retry ?? false;
  let changed = carried?.changed ?? false;
  let urgent = carried?.urgent ?? false;
  let resend: readonly string[] = carried?.resend ?? [];
  let abandonReason = carried?.abandon ?? null;
  const steps = createUploadSteps(carried?.steps ?? []);
  let state: UploadState = {
    phase: 'planning',
    waitsFor: null,
    reason: null,
    fixBy: null,
    code: null,
    since: null,
    name: null,
  };

  function add(result: ResultEvidence): void {
    if (!evidence.some((known) => known.name === result.name && known.journalSha === result.journalSha)) {
      evidence.push(result);
    }
  }

  heedSignal(processedResult, {
    fits: signalShapes.processedResult,
    handle: add,
    description: "A processed result of this record's file; sent by its result file",
    ignored: () => steps.add('ignored', processedResult.name),
  });
  setHandler(
    retry,
    () => {
      retryWanted = true;
    },
    { description: 'Try again now, also with unchanged content' },
  );
  heedSignal(recordChanged, {
    fits: signalShapes.recordChanged,
    handle: (options) => {
      changed = true;
      urgent ||= options?.urgent === true;
      resend = [...new Set([...resend, ...(options?.resend ?? [])])];
    },
    description: 'Look again: the CRM record or what ACE says of it may have changed',
    ignored: () => steps.add('ignored', recordChanged.name),
  });
  setHandler(
    abandon,
    ({ reason }) => {
      abandonReason = reason.trim();
    },
    {
      description: 'Give this upload up, {"reason": "why"}: the row becomes Stopped. No personal data in the reason',
      validator: (wish?: { readonly reason?: unknown } | null) => refuseAbandon(state, wish?.reason),
    },
  );
  setHandler(
    sendNow,
    () => {
      retryWanted = true;
    },
    {
      description: 'Send now what is due, also with unchanged content; refused while a file is on its way',
      validator: () => refuseSendNow(state),
    },
  );
  setHandler(uploadHistory, () => steps.list(), {
    description: 'What this upload did: the last steps with time and code',
  });
  setHandler(uploadState, () => state, { description: 'Phase, reason, and the file on its way' });

  return {
    hasNews: () => evidence.length > 0 || retryWanted || changed || abandonReason !== null,
    hasEvidence: () => evidence.length > 0,
    wantsRetry: () => retryWanted,
    wantsEnd: () => abandonReason !== null,
    isUrgent: () => urgent,
    takeEvidence: () => evidence.shift() ?? null,
    takeWishes: () => {
      const wishes = { retry: retryWanted, resend };
      retryWanted = false;
      changed = false;
      resend = [];
      return wishes;
    },
    giveBack: (wishes) => {
      retryWanted ||= wishes.retry;
      resend = [...new Set([...wishes.resend, ...resend])];
    },
    dropRetry: () => {
      retryWanted = false;
    },
    calm: () => {
      urgent = false;
    },
    takeAbandon: () => {
      const reason = abandonReason;
      abandonReason = null;
      return reason;
    },
    add,
    carry: () => ({
      evidence: [...evidence],
      retry: retryWanted,
      changed,
      urgent,
      resend,
      abandon: abandonReason,
      steps: steps.list(),
    }),
    publish: (next) => {
      state = next;
    },
    steps,
  };
}
