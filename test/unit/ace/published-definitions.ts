/** AWS's published field definitions as a fixture, apart from the tables under test. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const editable = z.enum(['Y', '-', 'ISV', 'SP', 'ro']);
const listDigest = z.object({ count: z.number(), sha256: z.string() });
const lists = z.record(z.string(), listDigest);

const schema = z.object({
  opportunity: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      v2: z
        .object({
          type: z.string(),
          inbound: z.enum(['M', 'C', 'O', 'ro']),
          editable: z.tuple([editable, editable, editable, editable]),
        })
        .nullable(),
      v1: z
        .object({
          type: z.string(),
          maxLength: z.string().nullable(),
          afterCreate: z.string(),
          direction: z.string(),
          createRule: z.string().nullable(),
        })
        .nullable(),
    }),
  ),
  lead: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      rule: z.string().nullable(),
      partnerMay: z.string(),
      direction: z.string(),
    }),
  ),
  lists: z.object({
    opportunity_v1: lists,
    opportunity_v2: lists,
    lead: lists,
    postalFormats: listDigest,
    withoutPostalCode: listDigest,
    subUseCases: listDigest,
  }),
});

export const published = schema.parse(
  JSON.parse(readFileSync(new URL('./fixtures/field-definitions.json', import.meta.url), 'utf8')),
);

export type PublishedOpportunityField = (typeof published.opportunity)[number];

export function digest(list: readonly string[]): { readonly count: number; readonly sha256: string } {
  const sha256 = createHash('sha256')
    .update([...list].sort().join('\n'))
    .digest('hex');
  return { count: list.length, sha256 };
}
