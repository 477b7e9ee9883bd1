import { setTimeout as delay } from 'node:timers/promises';
import type { SupervisedChild } from './supervisor.ts';

export interface SilenceOptions {
  readonly child: Pick<SupervisedChild, 'name' | 'kill'>;
  /** Asks the server something that only a whole server can answer; must end by itself. */
  readonly answers: () => Promise<boolean>;
  /** Milliseconds between two questions. @default 10,000 */
  readonly askEveryMs?: number;
  /** Milliseconds without an answer until it is restarted, and again after that. @default 60,000 */
  readonly patienceMs?: number;
  readonly onProgress?: (line: string) => void;
}

/**
 * Kills a child that runs and no longer answers, so that its supervisor starts it again: Temporal's dev server loses its
 * database connection for good when a call is cancelled at a bad moment (SQLITE_INTERRUPT, temporalio/temporal#9198).
 * @returns ends the watch
 */
export function restartWhenSilent(options: SilenceOptions): () => void {
  const { child, answers, askEveryMs = 10_000, patienceMs = 60_000, onProgress = () => {} } = options;
  const ended = new AbortController();
  void watch().catch(() => {
    // Only the end of the watch interrupts a pause.
  });
  return () => ended.abort();

  async function watch(): Promise<never> {
    let lastAnswer = performance.now();
    for (;;) {
      await delay(askEveryMs, undefined, { signal: ended.signal, ref: false });
      if (await answers()) lastAnswer = performance.now();
      if (performance.now() - lastAnswer < patienceMs || ended.signal.aborted) continue;
      onProgress(`${child.name} has not answered for ${Math.round(patienceMs / 1000)} s: it is started again.`);
      child.kill('SIGKILL');
      lastAnswer = performance.now();
    }
  }
}
