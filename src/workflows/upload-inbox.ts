import { setHandler } from '@temporalio/workflow';
import {
  type CarriedUpload,
  processedResult,
  type ResultEvidence,
  recordChanged,
  retry,
  type UploadInput,
  type UploadState,
  uploadState,
} from './messages.ts';

/** What people and other workflows told an upload since it last looked. Handlers only note; the main loop works. */
export interface UploadInbox {
  /** True when there is a reason to look again: a result, a change, or a person's retry. */
  hasNews(): boolean;
  hasEvidence(): boolean;
  wantsRetry(): boolean;
  takeEvidence(): ResultEvidence | null;
  /** Takes the person's retry together with the hint of a change: both are answered by planning anew. */
  takeRetry(): boolean;
  add(evidence: ResultEvidence): void;
  /** What must not be lost by continue-as-new. */
  carry(): Pick<CarriedUpload, 'evidence' | 'retry' | 'changed'>;
  publish(state: UploadState): void;
}

export function openUploadInbox(input: UploadInput): UploadInbox {
  const evidence: ResultEvidence[] = [...(input.carried?.evidence ?? [])];
  let retryWanted = input.carried?.retry ?? false;
  let changed = input.carried?.changed ?? false;
  let state: UploadState = { phase: 'planning', reason: null, fixBy: null, code: null, since: null, name: null };

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
    () => {
      changed = true;
    },
    { description: 'Look again: the CRM record or what ACE says of it may have changed' },
  );
  setHandler(uploadState, () => state, { description: 'Phase, reason, and the file on its way' });

  return {
    hasNews: () => evidence.length > 0 || retryWanted || changed,
    hasEvidence: () => evidence.length > 0,
    wantsRetry: () => retryWanted,
    takeEvidence: () => evidence.shift() ?? null,
    takeRetry: () => {
      const wanted = retryWanted;
      retryWanted = false;
      changed = false;
      return wanted;
    },
    add,
    carry: () => ({ evidence: [...evidence], retry: retryWanted, changed }),
    publish: (next) => {
      state = next;
    },
  };
}
