import { z } from 'zod';
import { aceField, crmPath, expression, scalar } from './mapping-words.ts';

/** The parts of a mapping file that say how an ACE record that is new here becomes a CRM record, or part of one. */

export const newRecordValue = z
  .strictObject({
    ace: aceField.optional(),
    value: scalar.optional(),
    expression: expression.optional().meta({ description: 'Reads the ACE record.' }),
    fallback: z
      .union([z.string(), z.number(), z.boolean()])
      .optional()
      .meta({ description: 'While the first is blank or masked. {aceId}, {today} and {today+90} are filled in.' }),
  })
  .refine((rule) => Object.keys(rule).length > 0, { message: 'expected one of ace, value, expression, fallback' });
export type NewRecordValue = z.infer<typeof newRecordValue>;

export const ownerSchema = z.strictObject({
  rules: z
    .array(
      z.strictObject({ when: expression.meta({ description: 'Reads the ACE record.' }), owner: z.string().min(15) }),
    )
    .default([])
    .meta({ description: 'The first rule that holds gives the owner of a new record: a user or queue id.' }),
  byEmail: aceField.optional().meta({
    description:
      "ACE's field with the owner's e-mail, where no rule holds: an active user who has it becomes the owner.",
  }),
  fallback: z
    .string()
    .min(15)
    .optional()
    .meta({ description: 'Owner where no rule holds, the e-mail is unknown, or the owner is inactive.' }),
});

export const recordTypesSchema = z
  .array(
    z.strictObject({
      when: expression.meta({ description: 'Reads the ACE record.' }),
      recordTypeId: z.string().min(15),
    }),
  )
  .default([])
  .meta({ description: 'The first rule that holds gives the record type of a new record.' });

const relatedRecord = {
  externalId: z
    .string()
    .meta({ description: 'Unique external id field of the object; a value of it is derived from `keyedBy`.' }),
  fields: z.record(z.string(), aceField).meta({ description: 'Fields of a new record, from ACE fields.' }),
};

export const accountSchema = z.strictObject({
  ...relatedRecord,
  reference: crmPath.default('AccountId'),
  byName: z.boolean().default(true).meta({
    description: 'Without an account of that external id the one account of the same name is taken, as it is.',
  }),
  keyedBy: z.array(aceField).min(1).meta({ description: 'ACE fields that make one customer one account.' }),
});

export const contactSchema = z.strictObject({
  ...relatedRecord,
  reference: crmPath.meta({ description: 'Lookup field of the opportunity to Contact, made for this.' }),
  byEmail: z.boolean().default(true).meta({
    description: 'Without a contact of that external id the one contact of the same e-mail is taken, as it is.',
  }),
  keyedBy: z
    .array(aceField)
    .min(1)
    .default(['customerEmail'])
    .meta({ description: 'ACE fields that make one person one contact; only a hash of them is kept.' }),
});

const answerCondition = expression.meta({ description: 'Reads the ACE record, as AWS shows it before the answer.' });

export const referralSchema = z.strictObject({
  createAs: z.enum(['opportunity', 'lead', 'onAcceptance']).default('opportunity').meta({
    description:
      'An AWS referral becomes an opportunity when it arrives or when it is accepted; with lead a lead stands for it until then.',
  }),
  lead: z
    .record(z.string(), newRecordValue)
    .default({
      LastName: { fallback: 'AWS referral {aceId}' },
      Company: { ace: 'customerCompanyName', fallback: 'AWS referral {aceId}' },
    })
    .meta({ description: 'Fields of the lead, with `createAs: lead`.' }),
  pendingStage: z
    .string()
    .optional()
    .meta({ description: 'Stage until the referral is accepted; keep it out of the forecast.' }),
  endedStage: z
    .string()
    .optional()
    .meta({ description: 'Stage of a referral that was rejected or not accepted in time, if it is still pending.' }),
  endedLeadStatus: z.string().optional().meta({
    description:
      'Status of the lead once its referral became an opportunity, was rejected or not accepted in time, if it still has the status of `lead`.',
  }),
  stageField: crmPath.default('StageName'),
  answer: z
    .array(
      z.union([
        z.strictObject({ when: answerCondition, accept: z.literal(true) }),
        z.strictObject({
          when: answerCondition,
          reject: z
            .union([z.string().min(1), z.literal(true)])
            .meta({ description: "ACE's reason to reject an opportunity; true for a lead, which takes none." }),
        }),
      ]),
    )
    .default([])
    .meta({
      description:
        'The first rule that holds answers a referral or lead when it arrives; without one a person does. What a person chooses counts before the rule.',
    }),
});

export const comparisons = ['text', 'domain', 'country'] as const;
export const duplicateActions = ['link', 'mergeAce', 'mergeCrm', 'create', 'ignore', 'ask'] as const;

const keyPart = z.strictObject({
  ace: aceField,
  crm: crmPath,
  compare: z.enum(comparisons).default('text').meta({
    description: 'text: the same apart from case; domain: of a website or e-mail address; country: in any spelling.',
  }),
});
export type KeyPart = z.infer<typeof keyPart>;

export const duplicatesSchema = z.strictObject({
  keys: z
    .array(z.array(keyPart).min(1))
    .min(1)
    .meta({ description: 'A CRM record fits when all parts of one of the keys are the same on both sides.' }),
  onMatch: z.enum(duplicateActions).default('ask').meta({
    description:
      'What happens when one record fits: link (first-sync rules decide the fields), mergeAce or mergeCrm (that side leads), create, ignore, or ask a person. With several, link and merge ask.',
  }),
});

/** The relation that a lookup field leads through: `AccountId` is `Account`, `Customer__c` is `Customer__r`. */
export const relationOf = (lookup: string): string => lookup.replace(/Id$/, '').replace(/__c$/, '__r');
