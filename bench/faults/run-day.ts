import { join } from 'node:path';
import { check } from './check/check.ts';
import { type Comparisons, countComparisons } from './check/check-losses.ts';
import { exportsOf } from './check/read-files.ts';
import type { Evidence, Violation } from './evidence.ts';
import { gatherEvidence, type Places, plantForeignFile } from './gather-evidence.ts';
import type { CrashReport } from './kill-workers.ts';
import { createTroubleMaker } from './make-trouble.ts';
import { countFromOne } from './marks.ts';
import type { FaultOptions } from './options.ts';
import { createPeople, type People } from './people.ts';
import { planDay } from './plan-day.ts';
import { settle } from './settle.ts';
import { type Stage, startStage } from './stage.ts';

export interface DayReport {
  /** Record versions that ACE exported, records that people made or changed in the CRM, and records that ACE answered. */
  readonly recordEvents: number;
  readonly kills: number;
  readonly crashes: CrashReport;
  /** How often every connection to Temporal was cut, and how many notices went out. */
  readonly cuts: number;
  readonly notices: number;
  /** Faults that the CRM's stand-in met the sync with, by kind. */
  readonly strikes: Readonly<Record<string, number>>;
  /** What people did, by kind. */
  readonly steps: ReturnType<People['done']>;
  readonly skippedSteps: number;
  readonly runs: number;
  readonly comparisons: Comparisons;
  readonly violations: readonly Violation[];
}

/**
 * One day: people and trouble at once, then calm, then the checker.
 * @param onStop is told how to stop every process of the day, for when the harness itself is told to end.
 * @param makeTrouble what goes wrong. @default everything, drawn from the seed
 */
export async function runDay(
  folder: string,
  options: FaultOptions,
  say: (line: string) => void,
  onStop?: (stop: () => Promise<void>) => void,
  makeTrouble: typeof createTroubleMaker = createTroubleMaker,
): Promise<DayReport> {
  const stage = await startStage(folder, options, say, onStop);
  try {
    const places = placesOf(stage);
    const foreign = await plantForeignFile(places);
    const numbers = countFromOne();
    const people = createPeople(stage, planDay(options), numbers);
    const trouble = makeTrouble(stage, options, numbers, say);
    say(`A day of ${options.minutes} minutes with ${options.records} records, seed ${options.seed}.`);
    const milliseconds = options.minutes * 60_000;
    await Promise.all([people.work(milliseconds), trouble.work(milliseconds)]);
    const steps = Object.values(people.done()).reduce((sum, count) => sum + count, 0);
    say(`The day is over: ${steps} steps, ${trouble.kills()} kills.`);
    const unsettled = await settle(stage, options, say);
    say('Gathering evidence.');
    const evidence = await gatherEvidence(places, {
      ...{ foreign, unsettled },
      pages: stage.pages.seen(),
      notices: stage.notices.messages,
    });
    return {
      recordEvents: countRecordEvents(evidence, steps),
      kills: trouble.kills(),
      crashes: trouble.crashes(),
      cuts: stage.wayToTemporal.cuts,
      notices: stage.notices.messages.length,
      strikes: stage.standIn.faults.strikes,
      steps: people.done(),
      skippedSteps: people.skipped(),
      runs: evidence.runs.length,
      comparisons: countComparisons(evidence),
      violations: check(evidence),
    };
  } finally {
    await stage.stop();
  }
}

function placesOf({ config, ace, standIn, bucket, workers, folder, temporalAddress }: Stage): Places {
  return {
    connection: config.connection,
    installation: config.installation,
    spmsId: config.ace.spmsId,
    bucket: { name: bucket.bucket, endpoint: bucket.endpoint, region: bucket.region },
    keys: bucket.ace,
    aceControlUrl: ace.controlUrl ?? '',
    standInUrl: standIn.connection.instanceUrl,
    integrationUserId: standIn.integrationUser.userId,
    temporal: { address: temporalAddress(), namespace: config.temporal.namespace },
    folder,
    logFiles: [...workers.map(({ logFile }) => logFile), join(folder, 'logs', 'temporal.log')],
  };
}

function countRecordEvents(evidence: Evidence, stepsOfPeople: number): number {
  const exported = exportsOf(evidence).reduce((sum, { records }) => sum + records.length, 0);
  return exported + stepsOfPeople + evidence.ace.files.length;
}
