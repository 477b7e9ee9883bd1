import { z } from 'zod';

/** What is known of one row of the backfill's CSV, on both sides. */
export const backfillVerdicts = [
  'ready',
  'alreadyLinked',
  'unknownInCrm',
  'unknownAtAce',
  'linkedElsewhere',
  'busy',
  'unreadable',
  'duplicate',
] as const;
export type BackfillVerdict = (typeof backfillVerdicts)[number];

const rowSchema = z.object({
  /** Line in the CSV, 1 is the header. */
  line: z.number().int(),
  aceId: z.string(),
  crmId: z.string(),
  verdict: z.enum(backfillVerdicts),
  /** Wave that sends it, from 1; null when it is not sent. */
  wave: z.number().int().nullable(),
});
export type BackfillRow = z.infer<typeof rowSchema>;

export const backfillPlanSchema = z.object({ rows: z.array(rowSchema) });
export type BackfillPlan = z.infer<typeof backfillPlanSchema>;

/** The plan in numbers; the rows stay in the journal under `planSha`. */
export interface BackfillPlanSummary {
  readonly planSha: string;
  readonly waves: number;
  readonly counts: Readonly<Record<BackfillVerdict, number>>;
}
