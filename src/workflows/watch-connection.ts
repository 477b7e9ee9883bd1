import { ActivityFailure, setCurrentDetails } from '@temporalio/workflow';
import type { Look } from '../activities/watch-connection.ts';
import { scanActivities } from './activity-proxies.ts';

/**
 * One look at the connection, started by its own schedule: it goes on when the change detector or a scan is stuck, which
 * is what it must report. A look that fails is a typed outcome; the heartbeat that is missing then tells outside.
 */
export async function watchConnection(): Promise<Look | { readonly reason: string }> {
  try {
    const look = await scanActivities.watchConnection();
    setCurrentDetails(
      `${look.open} states to know of, ${look.undelivered} notices undelivered` +
        `${look.unknown === 0 ? '' : `, ${look.unknown} parts could not be read`}.`,
    );
    return look;
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    const reason = 'The look did not end in time; the next one tries again.';
    setCurrentDetails(reason);
    return { reason };
  }
}
