import { ApplicationFailure } from '@temporalio/common';
import { AceSyncError } from '../errors.ts';

/**
 * Turns an error of the catalogue into the ApplicationFailure that Temporal records: type is the code, and whether to
 * retry and when is the catalogue's word. Other errors pass: their text may be foreign, so it is replaced by their name.
 */
export function toApplicationFailure(error: unknown): Error {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof AceSyncError) {
    return ApplicationFailure.create({
      type: error.code,
      message: error.message,
      nonRetryable: !error.entry.retryable,
      ...(error.retryAfterMs === undefined ? {} : { nextRetryDelay: error.retryAfterMs }),
    });
  }
  if (error instanceof Error && passThrough.has(error.name)) return error;
  const name = error instanceof Error ? error.name : typeof error;
  // The text of an unforeseen error can hold record values (CRM and AWS quote them), so only its place is kept.
  return ApplicationFailure.create({ type: 'UNFORESEEN', message: `Unforeseen ${name} at ${placeOf(error)}.` });
}

/** Errors by which activities are cancelled or completed elsewhere; Temporal must see them as they are. */
const passThrough = new Set(['CancelledFailure', 'CompleteAsyncError']);

/** First stack line in this project, without the message. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const line = stack.split('\n').find((candidate) => /\/(src|dist)\//.test(candidate));
  return line?.match(/\/(?:src|dist)\/([^)]+)/)?.[1] ?? 'an unknown place';
}

/** Wraps every activity of a set, so that none lets a foreign text into a history. */
export function withFailures<T extends Record<string, (...args: never[]) => Promise<unknown>>>(activities: T): T {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (...args: never[]) => {
      try {
        return await activity(...args);
      } catch (error) {
        throw toApplicationFailure(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}
