import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds between two looks: small against what is measured. */
const lookEvery = 100;

/** Resolves when the condition holds. @throws Error after an hour */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60 * 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('The benchmark did not reach its end within an hour.');
    await delay(lookEvery);
  }
}
