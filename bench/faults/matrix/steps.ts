import { readFileSync } from 'node:fs';

/** The workflows whose every step meets a kill. */
export const killedWorkflows = ['upload-record', 'process-outbound-file'] as const;

/** Workflows reach activities only through proxies of these names (`src/workflows/activity-proxies.ts`). */
const callOfActivity = /(?:\bcrm|\w+Activities)\.(\w+)\(/g;

/** The steps of these workflows: the activities that their source calls, so that a new one is met without a line here. */
export function stepsOf(workflows: readonly string[] = killedWorkflows): readonly string[] {
  const sources = workflows.map((workflow) =>
    readFileSync(new URL(`../../../src/workflows/${workflow}.ts`, import.meta.url), 'utf8'),
  );
  return [...new Set(sources.flatMap((source) => [...source.matchAll(callOfActivity)].map((match) => match[1] ?? '')))];
}

/** A kill before each step begins, and one after its work is done but before anybody hears of it. */
export const crashesAtSteps = (): readonly string[] =>
  stepsOf().flatMap((step) => [`before:activity.${step}`, `after:activity.${step}`]);
