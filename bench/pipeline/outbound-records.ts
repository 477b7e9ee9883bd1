import type { AceRecord } from '../../src/ace/ace-record.ts';
import { spmsId } from './write-configuration.ts';

/** Files as ACE exports them: accepted AWS referrals, one or many in a file, none of them seen before. */
export function outboundFiles(
  prefix: string,
  files: number,
  recordsPerFile: number,
  fields: AceRecord = {},
): { name: string; body: string; records: AceRecord[] }[] {
  return Array.from({ length: files }, (_, file) => {
    const records = Array.from({ length: recordsPerFile }, (__, record) => ({
      ...opportunity(prefix, file * recordsPerFile + record),
      ...fields,
    }));
    return {
      name: `${prefix}_${String(file).padStart(5, '0')}.json`,
      body: JSON.stringify({ version: '2', spmsId, opportunities: records }),
      records,
    };
  });
}

const start = Date.parse('2026-03-01T00:00:00.000Z');

function opportunity(prefix: string, index: number): AceRecord {
  const digits = [...prefix].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9_000, 0) + 1_000;
  return {
    apnCrmUniqueIdentifier: `O${digits}${String(index).padStart(6, '0')}`,
    partnerCrmUniqueIdentifier: null,
    opportunityOwnership: 'AWS Referral',
    partnerAcceptanceStatus: 'Pending',
    acceptBy: '2031-01-01T00:00:00.000Z',
    stage: 'Prospect',
    partnerProjectTitle: `Referral ${index}`,
    projectDescription: 'A description of ordinary length, as people write them into a form.',
    targetCloseDate: '2030-12-31',
    nextStep: 'Call the customer',
    customerCompanyName: 'Example GmbH',
    country: 'Accept to view',
    industry: 'Retail',
    useCase: 'Networking',
    deliveryModel: 'SaaS or PaaS;Managed Services',
    expectedMonthlyAwsRevenue: 1000 + index,
    createdDate: new Date(start).toISOString(),
    lastModifiedDate: new Date(start + index * 1000).toISOString(),
  };
}
