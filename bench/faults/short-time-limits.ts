import type * as timeLimits from '../../src/workflows/time-limits.ts';

type Durations<Limits> = {
  readonly [Name in keyof Limits]: Limits[Name] extends object ? Durations<Limits[Name]> : string | number;
};

/**
 * What stands in the harness's workflow bundle for `src/workflows/time-limits.ts`: what a killed worker had under way is
 * taken up by the other after seconds instead of minutes. Long enough for a busy machine; an attempt that is overtaken
 * all the same runs beside its successor, which is one more thing that a bad day brings.
 */
export function shortTimeLimits(waits: number): Durations<typeof timeLimits> {
  const seconds = (count: number): string => `${Math.round(count * waits * 1000)}ms`;
  const untilItWorks = { initialInterval: seconds(0.5), backoffCoefficient: 2, maximumInterval: seconds(4) } as const;
  const quickly = { initialInterval: seconds(0.5), maximumInterval: seconds(2) };
  const crmLimits = { startToCloseTimeout: seconds(20), heartbeatTimeout: seconds(15), retry: untilItWorks };
  return {
    untilItWorks,
    bucketLimits: { startToCloseTimeout: seconds(12), heartbeatTimeout: seconds(12), retry: untilItWorks },
    scanLimits: { startToCloseTimeout: seconds(12), scheduleToCloseTimeout: seconds(25), retry: quickly },
    crmLimits,
    wholeConnectionLimits: { ...crmLimits, startToCloseTimeout: seconds(60) },
  };
}
