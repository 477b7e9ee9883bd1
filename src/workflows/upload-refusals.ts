import type { UploadState } from './messages.ts';

/** Characters of a reason; the companion row holds 255 with what stands around it. */
export const longestAbandonReason = 200;

/**
 * Validators of the updates: synchronous, and only on what the upload shows. A refused update leaves no trace.
 * @throws Error with one sentence, which the caller sees.
 */
export function refuseAbandon(state: UploadState, reason: unknown): void {
  refuseWhenClosed(state);
  if (typeof reason !== 'string' || reason.trim() === '') throw new Error('Give a reason: {"reason": "why"}.');
  if (reason.length > longestAbandonReason) {
    throw new Error(`Expected a reason of at most ${longestAbandonReason} characters, got ${reason.length}.`);
  }
  // Histories hold no personal data (design.md, promise 9), and an address is what people paste most.
  if (/\S@\S/.test(reason)) throw new Error('The reason stays in the history: write it without e-mail addresses.');
  if (state.code === 'FOREIGN_STAMP') {
    throw new Error('The row belongs to another installation, which alone may stop it.');
  }
}

/** @throws Error with one sentence, which the caller sees. */
export function refuseSendNow(state: UploadState): void {
  refuseWhenClosed(state);
  const onItsWay =
    state.phase === 'sending' ||
    state.phase === 'waitingForResult' ||
    (state.phase === 'waiting' && state.waitsFor === 'result');
  if (onItsWay)
    throw new Error(`${state.name ?? 'A file'} is on its way; what changed since goes out after its answer.`);
}

function refuseWhenClosed({ phase }: UploadState): void {
  if (phase === 'done') throw new Error('This upload is closed.');
}
