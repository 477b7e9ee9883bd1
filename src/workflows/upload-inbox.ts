import { setHandler } from '@temporalio/workflow';
import {
  abandon,
  type CarriedUpload,
  processedResult,
  type ResultEvidence,
  recordChanged,
  retry,
  sendNow,
  type UploadInput,
  type UploadState,
  uploadHistory,
  uploadState,
} from './messages.ts';
import { refuseAbandon, refuseSendNow } from './upload-refusals.ts';
import { createUploadSteps, type UploadSteps } from './upload-steps.ts';

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
  /** Takes the person's retry together with the hint of a change: both are answered by planning anew. */
  takeRetry(): boolean;
  /** ACE fields whose present values a person wants AWS to have, once. */
  takeResend(): readonly string[];
  /** The reason to give the upload up, once; null when nobody asked for that. */
  takeAbandon(): string | null;
  add(evidence: ResultEvidence): void;
  /** What must not be lost by continue-as-new. */
  carry(): Pick<CarriedUpload, 'evidence' | 'retry' | 'changed' | 'resend' | 'abandon' | 'steps'>;
  publish(state: UploadState): void;
  readonly steps: UploadSteps;
}

export function openUploadInbox(input: UploadInput): UploadInbox {
  const evidence: ResultEvidence[] = [...(input.carried?.evidence ?? [])];
  let retryWanted = input.carried?.retry ?? false;
  let changed = input.carried?.changed ?? false;
  let urgent = false;
  let resend: readonly string[] = input.carried?.resend ?? [];
  let abandonReason = input.carried?.abandon ?? null;
  const steps = createUploadSteps(input.carried?.steps ?? []);
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

  setHandler(processedResult, add, {
    description: "A processed result of this record's file; sent by its result file",
  });
  setHandler(
    retry,
    () => {
      retryWanted = true;
    },
    { description: 'Try again now, also with unchanged content' },
  );
  setHandler(
    recordChanged,
    (options) => {
      changed = true;
      urgent = options?.urgent === true;
      resend = [...new Set([...resend, ...(options?.resend ?? [])])];
    },
    { description: 'Look again: the CRM record or what ACE says of it may have changed' },
  );
  setHandler(
    abandon,
    ({ reason }) => {
      abandonReason = reason.trim();
    },
    {
      description: 'Give this upload up, {"reason": "why"}: the row becomes Stopped. No personal data in the reason',
      validator: ({ reason }) => refuseAbandon(state, reason),
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
    takeRetry: () => {
      const wanted = retryWanted;
      retryWanted = false;
      changed = false;
      return wanted;
    },
    takeResend: () => {
      const wanted = resend;
      resend = [];
      return wanted;
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
      ...(resend.length === 0 ? {} : { resend }),
      abandon: abandonReason,
      steps: steps.list(),
    }),
    publish: (next) => {
      state = next;
    },
    steps,
  };
}
