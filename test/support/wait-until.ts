import { setTimeout as delay } from 'node:timers/promises';

const lookEveryMs = 100;

/**
 * Waits for a state instead of sleeping: looks until `look` gives something other than null, undefined or false.
 * @param what names the awaited state in the error
 * @param limitMs generous, because it only decides how late a failing test fails
 */
export async function waitUntil<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  limitMs = 90_000,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`Not within ${limitMs} ms: ${what}.`);
    await delay(lookEveryMs);
  }
}
