import {
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { BackfillPlanSummary } from '../activities/backfill-plan.ts';
import { crmActivities, wholeConnectionActivities } from './activity-proxies.ts';
import { heedSignal } from './heed-signal.ts';
import { signalShapes } from './message-shapes.ts';
import {
  type BackfillInput,
  type BackfillProgress,
  backfillState,
  confirmBackfill,
  pauseBackfill,
} from './messages.ts';
import { searchAttributeUpdates } from './search-attributes.ts';
import { backfillSummary } from './summaries.ts';

/** Most waves sent by one run; a backfill of 3,000 records is 60 waves of 50. */
const wavesPerRun = 10;

/**
 * Gives opportunities that ACE already knows their CRM identifiers: a plan first, then, once a person confirmed it,
 * wave after wave of one file with up to 50 records. Resumes where it stopped; verified by the exports that follow.
 */
export async function backfillOpportunities(input: BackfillInput): Promise<BackfillProgress> {
  const crm = crmActivities(workflowInfo().taskQueue);
  const whole = wholeConnectionActivities(workflowInfo().taskQueue);
  let confirmed = input.confirmedWaves ?? 0;
  let paused = input.paused ?? false;
  let progress: BackfillProgress = input.progress ?? { plan: null, wavesSent: 0, accepted: 0, refused: 0, verified: 0 };
  const confirm = (waves?: number) => {
    confirmed = Math.max(confirmed, waves ?? Number.MAX_SAFE_INTEGER);
  };
  const pause = (wanted: boolean) => {
    paused = wanted;
  };
  heedSignal(confirmBackfill, {
    fits: signalShapes.confirmBackfill,
    handle: confirm,
    description: 'Send the plan: up to this wave, or all of them',
  });
  heedSignal(pauseBackfill, {
    fits: signalShapes.pauseBackfill,
    handle: pause,
    description: 'Pause (true) or resume (false) between two waves',
  });
  setHandler(backfillState, () => progress, { description: 'The plan and how far it is' });

  const plan =
    progress.plan ?? (await whole.planBackfill({ csvSha: input.csvSha, recordsPerFile: input.recordsPerFile }));
  progress = { ...progress, plan };
  for (let wave = progress.wavesSent + 1; wave <= plan.waves; wave += 1) {
    if (wave > confirmed || paused) {
      show(paused ? 'paused' : 'waiting', plan, progress);
      await condition(() => wave <= confirmed && !paused);
    }
    show('sending', plan, progress);
    const sent = await crm.sendWave({ planSha: plan.planSha, wave });
    await waitForAnswers(sent.crmIds);
    // Exports that waited for go-live matching find their records now.
    await crm.retryParked({ aceIds: sent.aceIds });
    progress = { ...progress, wavesSent: wave };
    if (wave % wavesPerRun === 0 && wave < plan.waves) {
      const sofar = await whole.checkBackfill({ planSha: plan.planSha });
      return continueAsNew<typeof backfillOpportunities>({
        ...input,
        confirmedWaves: confirmed,
        paused,
        progress: { ...progress, ...sofar },
      });
    }
  }
  progress = { ...progress, ...(await whole.checkBackfill({ planSha: plan.planSha })) };
  const toVerify = progress.accepted;
  for (let round = 1; progress.verified < toVerify && round <= input.verifyRounds; round += 1) {
    show('waiting', plan, progress);
    await condition(() => false, input.verifyInterval, { summary: 'The next export shows the identifiers' });
    progress = { ...progress, ...(await whole.checkBackfill({ planSha: plan.planSha })) };
  }
  show('done', plan, progress);
  return progress;

  /** The next wave goes out only when each record of this one has its answer: paced by ACE itself. */
  async function waitForAnswers(crmIds: readonly string[]): Promise<void> {
    while ((await crm.countUnanswered({ crmIds })) > 0) {
      await condition(() => false, input.answerInterval, { summary: 'Processed result of the wave' });
    }
  }
}

export type BackfillOutcome = 'waiting' | 'paused' | 'sending' | 'done';

function show(outcome: BackfillOutcome, plan: BackfillPlanSummary, progress: BackfillProgress): void {
  upsertSearchAttributes(searchAttributeUpdates({ AceOutcome: outcome }));
  const counts = Object.entries(plan.counts).map(([kind, count]) => `- ${count} ${kind}`);
  setCurrentDetails(
    [
      `**${outcome}**: ${backfillSummary}, wave ${progress.wavesSent} of ${plan.waves}`,
      counts.join('\n'),
      `${progress.accepted} accepted, ${progress.refused} refused, ${progress.verified} verified by an export.`,
      outcome === 'waiting' && progress.wavesSent < plan.waves
        ? 'Confirm with `ace-sync backfill confirm`, or the signal `confirm`.'
        : '',
    ]
      .filter((line) => line !== '')
      .join('\n\n'),
  );
}
