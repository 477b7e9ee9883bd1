/** Rules on leads: partners only update them. */

import { isBlank, sameValue } from '../ace-record.ts';
import { identityOf, isAceId } from '../identity.ts';
import type { Rule } from './rule.ts';

const lead = { object: 'lead', versions: [1, 2], severity: 'error' } as const;
const mandatory = ['status', 'currentLeadStage', 'partnerCrmLeadId'] as const;
const identifiers: ReadonlySet<string> = new Set(['apnCrmUniqueIdentifier', 'partnerCrmLeadId']);

export const leadRules: readonly Rule[] = [
  {
    ...lead,
    code: 'ACE_LEAD_CREATE',
    reads: [],
    field: null,
    when: { intent: 'create' },
    test: () => true,
    aceText: null,
    verifiedIn: [],
    sentence: 'Partners cannot create leads at ACE; they update those that AWS sends.',
    fixBy: 'engineer',
    fix: "Send only leads that hold ACE's identifier (L…).",
    source: 'GH lead acceptance script: partner-created leads are not supported; the text was not found.',
  },
  {
    ...lead,
    code: 'ACE_LEAD_ID_MISSING',
    reads: ['apnCrmUniqueIdentifier', 'partnerCrmLeadId'],
    field: 'apnCrmUniqueIdentifier',
    when: { intent: 'update' },
    test: ({ record }) => {
      const { aceId } = identityOf('lead', record);
      return aceId === null || !isAceId('lead', aceId);
    },
    aceText: 'Required: <label>',
    verifiedIn: [],
    sentence: "An update of a lead names it by ACE's identifier: L and digits.",
    fixBy: 'engineer',
    fix: "Send the identifier of ACE's export.",
    source: 'V12: apnCrmUniqueIdentifier of a lead is mandatory; the text was not found.',
  },
  {
    ...lead,
    code: 'ACE_LEAD_ID_CHANGED',
    reads: ['apnCrmUniqueIdentifier', 'partnerCrmLeadId'],
    field: 'apnCrmUniqueIdentifier',
    when: { intent: 'update' },
    test: ({ record, stored }) => {
      const sent = identityOf('lead', record).aceId;
      const held = stored === undefined ? null : identityOf('lead', stored).aceId;
      return sent !== null && held !== null && sent !== held;
    },
    aceText: null,
    verifiedIn: [],
    sentence: "ACE's identifier never changes, and this one is another lead's.",
    fixBy: 'engineer',
    fix: 'Compare the link of this record with AWS before sending.',
    source: 'DOC: apnCrmUniqueIdentifier never changes.',
  },
  {
    ...lead,
    code: 'ACE_LEAD_MANDATORY_EMPTIED',
    reads: [...mandatory],
    field: null,
    when: { intent: 'update' },
    test: ({ record }) => mandatory.filter((field) => Object.hasOwn(record, field) && isBlank(record[field])),
    aceText: 'Required: <label>',
    verifiedIn: [],
    sentence: '"<label>" of a lead cannot be emptied.',
    fixBy: 'salesPerson',
    fix: 'Fill the field, or do not send it.',
    source: 'V12: mandatory; the text was not found.',
  },
  {
    ...lead,
    code: 'ACE_LEAD_UNCHANGED',
    reads: [],
    field: null,
    when: { intent: 'update' },
    test: ({ record, stored, taken }) =>
      stored !== undefined &&
      [...taken].every(
        (field) => (identifiers.has(field) && isBlank(record[field])) || sameValue(record[field], stored[field]),
      ),
    aceText: 'No new update identified for this record',
    verifiedIn: [1],
    sentence: 'The update holds nothing that ACE does not hold already.',
    fixBy: 'nobody',
    fix: 'Nothing: both sides agree.',
    source: 'Acceptance scenario D4.',
  },
];
