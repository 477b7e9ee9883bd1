import { ApplicationFailure, condition, defineSignal, setHandler } from '@temporalio/workflow';

export const wake = defineSignal('wake');

/** Waits, and once it wakes up its code cannot go on: an error that is no failure fails the workflow task for ever. */
export async function uploadRecord(): Promise<void> {
  let isAwake = false;
  setHandler(wake, () => {
    isAwake = true;
  });
  await condition(() => isAwake);
  throw new TypeError('This code does not fit the history.');
}

/** Ends wrongly. */
export async function processResultFile(): Promise<void> {
  throw ApplicationFailure.nonRetryable('It cannot go on.');
}
