import type { AceRecord } from '../../ace/ace-record.ts';
import { hiddenOpportunityFields, maskedLeadFields, maskedOpportunityFields } from '../../ace/mask.ts';
import type { SimulatedRecord } from './state.ts';
import type { Switches } from './switches.ts';

/** Whether the partner sees the record's personal data: its own referrals always, AWS's after acceptance. */
export function isVisible(record: SimulatedRecord, fields: AceRecord): boolean {
  switch (record.origin) {
    case 'awsReferral':
      return fields.partnerAcceptanceStatus === 'Accepted';
    case 'lead':
      return fields.currentLeadStage === 'Accepted';
    case 'partnerReferral':
    case 'enteredByHand':
      return true;
  }
}

/** The fields with the mask text in place of what the partner may not see yet. */
export function masked(record: SimulatedRecord, fields: AceRecord, switches: Switches): AceRecord {
  if (isVisible(record, fields)) return fields;
  const hidden: Record<string, unknown> = { ...fields };
  if (record.object === 'lead') {
    for (const name of maskedLeadFields) hidden[name] = switches.maskText;
    return hidden;
  }
  for (const name of maskedOpportunityFields) {
    if (name === 'customerTitle' && switches.customerTitleBeforeAcceptance === 'visible') continue;
    hidden[name] = switches.maskText;
  }
  for (const name of hiddenOpportunityFields) hidden[name] = null;
  return hidden;
}
