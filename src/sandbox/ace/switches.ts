import { z } from 'zod';
import { programmes } from '../../ace/ace-record.ts';
import { contractSwitches } from '../../ace/switches.ts';
import { s3FaultSchema } from './fault-proxy.ts';

const minutes = z.number().min(0);
const share = z.number().min(0).max(1);

type ContractTable = typeof contractSwitches;

/** One literal schema for every switch of the contract; its first choice is the documented default. */
const contractShape = Object.fromEntries(
  Object.entries(contractSwitches).map(([name, choices]) => [name, z.literal([...choices]).default(choices[0])]),
) as unknown as { [Name in keyof ContractTable]: z.ZodDefault<z.ZodLiteral<ContractTable[Name][number]>> };

/**
 * What happens on a bad day. The fault harness takes every value of every one of these by itself: of a switch that is
 * neither a choice nor a yes or no, the values that it takes stand with it as examples (none, where the switch only
 * says how much of another one).
 */
export const unfriendlyShape = {
  inboundPaused: z.boolean().default(false).describe('Inbound files stay where they are.'),
  exportPaused: z.boolean().default(false).describe('No hourly export.'),
  resultDelivery: z
    .enum(['normal', 'lost', 'archivedOnly', 'late', 'twice', 'forAnotherFile'])
    .default('normal')
    .describe('What becomes of result files.'),
  resultDelayMinutes: minutes
    .default(30)
    .describe('Simulated minutes for late results and second copies.')
    .meta({ examples: [] }),
  duplicateName: z
    .enum(['archived', 'errorOverResult'])
    .default('archived')
    .describe('What a reused file name does: nothing, or an error result over the first outcome.'),
  outboundName: z
    .enum(['unique', 'constant'])
    .default('unique')
    .describe('A constant name is overwritten by the next export.'),
  staleExportMinutes: minutes
    .default(0)
    .describe('Exports show records as they were so many simulated minutes ago, then the truth in the next export.')
    .meta({ examples: [45] }),
  equalLastModified: z.boolean().default(false).describe('Changes keep the lastModifiedDate of the record.'),
  approveBeforeRefusal: z
    .boolean()
    .default(false)
    .describe('A refusal as not editable is written after the approval was already exported.'),
  exportBeforeResult: z.boolean().default(false).describe('A new record is exported before its result is written.'),
  ignoredFields: z
    .array(z.string())
    .default([])
    .describe('Fields whose values are ignored with success, as ACE does for some without saying so.')
    .meta({ examples: [['expectedMonthlyAwsRevenue', 'targetCloseDate']] }),
  faults: z
    .array(s3FaultSchema)
    .default([])
    .describe('What the S3 fault proxy does to requests of the partner, where it was started.')
    .meta({ examples: s3FaultSchema.shape.effect.options.map((effect) => [{ effect, share: 0.4, delayMs: 1_500 }]) }),
  accessDenied: z.boolean().default(false).describe('The bucket policy refuses every request of the partner.'),
};

/**
 * Everything about the simulated ACE that can be changed while it runs: first every point on which AWS's documents
 * disagree (`src/ace/switches.ts`), then how AWS's people decide, then what a partner meets on a bad day. Without any of
 * them the simulator does what the newest document says.
 */
export const switchesSchema = z.strictObject({
  ...contractShape,

  programme: z
    .enum(programmes)
    .default('consulting')
    .describe('Partner programme, which decides what Launched needs and what may change after it.'),
  reviewerCommentsV1: z
    .boolean()
    .default(true)
    .describe(
      'Exports of version 1 hold apnReviewerComments: the acceptance script asks for it, the field sheet has it not.',
    ),
  resultWarnings: z
    .enum(['null', 'absent'])
    .default('null')
    .describe('Results of 2020 have no key "warnings", later ones have it with null.'),

  // review: what AWS's people do
  review: z.enum(['rules', 'hand']).default('rules').describe('Whether reviews end by themselves.'),
  inReviewAfterMinutes: minutes.default(5).describe('Simulated minutes from Submitted to In review.'),
  reviewMinutes: minutes.default(30).describe('Simulated minutes from Submitted to the end of the review.'),
  rejectedShare: share.default(0).describe('Share of reviews that end with Rejected, drawn from the seed.'),
  actionRequiredShare: share
    .default(0)
    .describe('Share of reviews that end with Action Required, drawn from the seed.'),
  acceptWithinHours: z.number().positive().default(120).describe('Simulated hours until an AWS referral expires.'),
  partnerCentralUsers: z
    .array(z.string())
    .nullable()
    .default(null)
    .describe('E-mail addresses that may own records; null knows everybody.'),

  // export
  recordsPerFile: z.number().int().min(1).default(10).describe('Most records in one exported file.'),

  ...unfriendlyShape,
});

export type Switches = z.infer<typeof switchesSchema>;
export type SwitchChanges = z.input<typeof switchesSchema>;
export type SwitchName = keyof Switches;

export const defaultSwitches: Switches = switchesSchema.parse({});
