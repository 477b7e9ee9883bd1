import type { AceRecord } from '../../ace/ace-record.ts';
import { isBlank } from '../../ace/ace-record.ts';
import { changeRecord } from './records.ts';
import { awsUser } from './review.ts';
import type { Draft, World } from './world.ts';

/**
 * What AWS fills into opportunities when a partner goes from version 1 to 2 (V14.3 "Instructions"). The map of old
 * to new picklist values was never published, so values that version 2 no longer lists stay as they are.
 */
export const versionTwoDefaults: AceRecord = {
  opportunityType: 'Net New Business',
  doesOppBelongToNatSec: 'No',
  salesActivities: 'Initialized discussions with customer',
  solutionOffered: ['Other'],
};

export function upgradeRecords(world: World, draft: Draft): void {
  for (const record of draft.records()) {
    if (record.object !== 'opportunity') continue;
    const missing = Object.entries(versionTwoDefaults).filter(([name]) => isBlank(record.fields[name]));
    if (missing.length > 0) changeRecord(world, draft, record, { fields: Object.fromEntries(missing), by: awsUser });
  }
}
