import type { Configuration } from '../config/configuration.ts';
import type { Waits } from '../workflows/messages.ts';

/** The waits of the workflows in milliseconds, as the configuration names them in seconds. */
export function waitsOf(timing: Configuration['timing']): Waits {
  const inMilliseconds = Object.entries(timing).map(([name, seconds]) => [name, Math.round(seconds * 1000)]);
  return Object.fromEntries(inMilliseconds) as unknown as Waits;
}
