import { condition, continueAsNew, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import { wholeConnectionActivities } from './activity-proxies.ts';
import { type DetectorInput, type DetectorState, detectNow, detectorState } from './messages.ts';
import { detectorSummary } from './summaries.ts';

/** Rounds per run: a run of a few thousand events stays quick to replay. */
const roundsPerRun = 200;

/**
 * The one long-lived detector of a connection. It holds the cursors, which advance only after the uploads were told;
 * without a cursor, and once a day, it looks at all shared records ("a full sweep, never now").
 */
export async function detectChanges(input: DetectorInput): Promise<never> {
  const crm = wholeConnectionActivities(workflowInfo().taskQueue);
  let cursors = input.cursors ?? {};
  let lastSweep = input.lastSweep;
  let sweepInterval = input.sweepInterval ?? Number.POSITIVE_INFINITY;
  let wanted = false;
  let state: DetectorState = { reason: null, rounds: 0, signalled: 0, lastRound: null };
  setHandler(
    detectNow,
    () => {
      wanted = true;
    },
    { description: 'Look for changes now instead of at the end of the pause' },
  );
  setHandler(detectorState, () => state, { description: 'Rounds and signals of this run' });

  for (let round = 1; round <= roundsPerRun; round += 1) {
    wanted = false;
    const sweep = lastSweep === undefined || Date.now() - Date.parse(lastSweep) > sweepInterval;
    const startedAt = new Date().toISOString();
    const found = await crm.detectChanges({ cursors, sweep });
    if (sweep && found.reason === null) lastSweep = startedAt;
    cursors = found.cursors;
    sweepInterval = found.waits.sweepInterval;
    const said = found.reason ?? found.refused ?? null;
    state = { reason: said, rounds: round, signalled: state.signalled + found.signalled, lastRound: startedAt };
    setCurrentDetails(
      `${detectorSummary(input.connection)}\n\n` +
        `Last round ${startedAt}: ${found.seen} changes seen, ${found.signalled} uploads told, ${found.actions} actions done.\n\n` +
        `Last full sweep: ${lastSweep ?? 'none yet'}${found.missed > 0 ? `, which found ${found.missed} missed changes` : ''}.${said === null ? '' : `\n\n${said}`}`,
    );
    await condition(() => wanted, found.waits.detectInterval, { summary: 'Pause between two rounds' });
    if (workflowInfo().continueAsNewSuggested) break;
  }
  return continueAsNew<typeof detectChanges>({
    ...input,
    cursors,
    sweepInterval,
    ...(lastSweep === undefined ? {} : { lastSweep }),
  });
}
