import type * as timeLimits from '../../src/workflows/time-limits.ts';

/**
 * Stands in the workflow bundle of the harness for `src/workflows/time-limits.ts`: what a killed worker had under way is
 * taken up by the other after seconds instead of minutes. Long enough for a busy machine; an attempt that is overtaken
 * all the same runs beside its successor, which is one more thing that a bad day brings.
 */
type Durations<Limits> = {
  readonly [Name in keyof Limits]: Limits[Name] extends object ? Durations<Limits[Name]> : string | number;
};

const untilItWorks = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '4s' } as const;

const limits = {
  untilItWorks,
  bucketLimits: { startToCloseTimeout: '12s', retry: untilItWorks },
  scanLimits: {
    startToCloseTimeout: '12s',
    scheduleToCloseTimeout: '25s',
    retry: { initialInterval: '500ms', maximumInterval: '2s' },
  },
  crmLimits: { startToCloseTimeout: '20s', heartbeatTimeout: '15s', retry: untilItWorks },
  localLimits: { startToCloseTimeout: '10s', retry: { initialInterval: '500ms', maximumInterval: '2s' } },
} satisfies Durations<typeof timeLimits>;

export const { bucketLimits, crmLimits, localLimits, scanLimits } = limits;
export { untilItWorks };
