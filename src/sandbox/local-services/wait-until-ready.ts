import { setTimeout as delay } from 'node:timers/promises';
import { AceSyncError } from '../../errors.ts';
import type { SupervisedChild } from './supervisor.ts';

const pollMs = 50;

/**
 * Asks until the service answers.
 * @throws AceSyncError SERVICE_FAILED when it ended or did not answer in time, naming its log file
 */
export async function waitUntilReady(
  service: {
    readonly name: string;
    /** Null when it runs elsewhere and its end cannot be seen. */
    readonly child: SupervisedChild | null;
    readonly logFile: string;
    readonly timeoutMs: number;
  },
  isReady: () => Promise<boolean>,
): Promise<void> {
  const { name, child, logFile, timeoutMs } = service;
  const deadline = Date.now() + timeoutMs;
  let ended = false;
  void child?.ended.then(() => {
    ended = true;
  });
  while (!(await isReady())) {
    if (ended) throw new AceSyncError('SERVICE_FAILED', `${name} ended while starting; see ${logFile}.`);
    if (Date.now() > deadline) {
      throw new AceSyncError('SERVICE_FAILED', `${name} did not answer within ${timeoutMs} ms; see ${logFile}.`);
    }
    await delay(pollMs);
  }
}
