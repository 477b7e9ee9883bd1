import type { UploadStep } from './messages.ts';

/** What an upload did, newest last; bounded, because it travels through every continue-as-new. */
export interface UploadSteps {
  add(step: UploadStep['step'], code: string): void;
  list(): readonly UploadStep[];
}

/** A step is about 80 bytes, so that the list stays far below what an input may weigh. */
export const mostSteps = 50;

/** @param earlier steps of the runs before this one. */
export function createUploadSteps(earlier: readonly UploadStep[]): UploadSteps {
  let steps = earlier;
  return {
    add(step, code) {
      // In a workflow the clock is Temporal's: replay sees the same time.
      steps = [...steps, { at: new Date().toISOString(), step, code }].slice(-mostSteps);
    },
    list: () => steps,
  };
}
