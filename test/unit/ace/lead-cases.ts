/** Leads: acceptance scenarios D. */

import { type AcceptanceCase, both, cases } from './acceptance-case.ts';
import { lead } from './sample-records.ts';

export const leadCases: readonly AcceptanceCase[] = [
  ...cases('D2', 'accepting a lead', both, () => ({
    object: 'lead',
    intent: 'update',
    record: { apnCrmUniqueIdentifier: 'L1000001', partnerCrmLeadId: '00Q5g00000ABCDE', currentLeadStage: 'Accepted' },
    stored: { ...lead, currentLeadStage: null },
  })),
  ...cases('D2 other', 'with another word', both, () => ({
    object: 'lead',
    intent: 'update',
    record: { apnCrmUniqueIdentifier: 'L1000001', currentLeadStage: 'Qualified' },
    refused: ['currentLeadStage'],
  })),
  ...cases('D4', 'updating a lead, with what only ACE writes dropped', both, () => ({
    object: 'lead',
    intent: 'update',
    record: { apnCrmUniqueIdentifier: 'L1000001', status: 'Qualified', leadAge: 5, company: 'Mine' },
    stored: lead,
    warned: ['company', 'leadAge'],
  })),
  ...cases('D4 same', 'nothing new is no update', both, () => ({
    object: 'lead',
    intent: 'update',
    record: { apnCrmUniqueIdentifier: 'L1000001', status: 'Open', city: 'Leeds' },
    stored: lead,
    refused: [''],
    texts: ['No new update identified for this record'],
  })),
  ...cases('D create', 'partners create no leads', both, () => ({
    object: 'lead',
    intent: 'create',
    record: { partnerCrmLeadId: '1', status: 'Open' },
    refused: [''],
  })),
  ...cases('D no id', 'a lead is named by its L… id', both, () => ({
    object: 'lead',
    intent: 'update',
    record: { apnCrmUniqueIdentifier: 'O1000001', status: 'Qualified' },
    refused: ['apnCrmUniqueIdentifier'],
  })),
  ...cases('D other id', 'its own', both, () => ({
    object: 'lead',
    intent: 'update',
    record: { apnCrmUniqueIdentifier: 'L2', status: 'Qualified' },
    stored: lead,
    refused: ['apnCrmUniqueIdentifier'],
  })),
  ...cases('D emptied', 'mandatory fields stay', both, () => ({
    object: 'lead',
    intent: 'update',
    record: { apnCrmUniqueIdentifier: 'L1000001', status: null, partnerCrmLeadId: '' },
    stored: lead,
    refused: ['partnerCrmLeadId', 'status'],
  })),
];
