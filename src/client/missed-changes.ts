import type { Sweep } from '../journal/missed-changes.ts';

/** Lines for the status: what the last sweep found that change detection had missed; none when it found nothing. */
export function missedChangesText(sweep: Sweep | null): string {
  if (sweep === null || sweep.missed.length === 0) return '';
  const records = sweep.missed.map(({ object, crmId }) => `  ${object.padEnd(12)}${crmId}`);
  return `\nMissed by change detection, found and sent on by the sweep of ${sweep.at}:\n${records.join('\n')}\n`;
}
