import { z } from 'zod';

/** The words that all parts of a mapping file are made of. */

export const aceField = z.string().min(1).meta({ description: "ACE's field name, case and all." });
export const crmPath = z
  .string()
  .regex(
    /^([A-Za-z][A-Za-z0-9_]*\[([A-Za-z][A-Za-z0-9_]*)?\]\.)?[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*$/,
    'expected a field name, or a path such as Account.Name or OpportunityLineItems[].Product2.ProductCode',
  )
  .meta({
    description:
      'Field of the CRM record (StageName), of a related record (Account.Name, only sent to ACE), of the records below it (OpportunityLineItems[].Product2.ProductCode, or OpportunityContactRoles[IsPrimary].Contact.Email for those with a checkbox set, only sent to ACE) or of the companion row (ACE_Sync__r.Use_Case__c).',
  });
export const expression = z.string().min(1).meta({ description: 'JSONata expression.' });
export const scalar = z.union([z.string(), z.number(), z.boolean()]);
