import { Context } from '@temporalio/activity';

/** Milliseconds between two heartbeats of a running activity; well below every heartbeat time limit in `time-limits.ts`. */
const betweenHeartbeats = 5_000;

/**
 * Lets every activity of a set report that its worker is alive for as long as it runs, whatever it waits for. A killed
 * worker is then noticed after the heartbeat time limit instead of the activity's own, and no activity has to think of it.
 * An activity that ends before the first heartbeat costs nothing.
 */
export function withHeartbeats<T extends Record<string, (...args: never[]) => Promise<unknown>>>(activities: T): T {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (...args: never[]) => {
      const context = Context.current();
      const timer = setInterval(() => context.heartbeat(), betweenHeartbeats);
      try {
        return await activity(...args);
      } finally {
        clearInterval(timer);
      }
    },
  ]);
  return Object.fromEntries(wrapped) as T;
}
