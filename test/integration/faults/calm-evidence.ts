import { createHash } from 'node:crypto';
import type { Evidence, StoredFile, Values } from '../../../bench/faults/evidence.ts';

/** Ids of the three records of a day on which nothing went wrong. */
export const referral = { aceId: 'O1000001', crmId: '006000000000001AAA', rowId: 'a01000000000001AAA' } as const;
export const shared = { aceId: 'O1000002', crmId: '006000000000002AAA', rowId: 'a01000000000002AAA' } as const;

export const integrationUserId = '005000000000001AAA';
export const salesPersonId = '005000000000002AAA';
export const sentName = `flt-opportunity-${shared.crmId}-0a1b2c3d-1_11212026090000.json`;
export const updateName = `flt-opportunity-${shared.crmId}-4a1b2c3d-2_11212026091000.json`;
export const exportName = 'Opportunities_Outbound_7_11212026100000.json';
export const foreignKey = 'opportunity-inbound-processed-results/other-system_000001_result.json';

export function storedFile(key: string, content: unknown): StoredFile {
  const text = JSON.stringify(content);
  return { key, etag: createHash('md5').update(text).digest('hex'), tags: {}, text };
}

const exported: readonly Values[] = [
  {
    apnCrmUniqueIdentifier: referral.aceId,
    partnerCrmUniqueIdentifier: null,
    lastModifiedDate: '2026-11-21T10:00:00.000Z',
    nextStep: 'Call aws-000003',
    targetCloseDate: '2040-01-05',
  },
  {
    apnCrmUniqueIdentifier: shared.aceId,
    partnerCrmUniqueIdentifier: shared.crmId,
    lastModifiedDate: '2026-11-21T10:00:01.000Z',
    nextStep: 'Visit crm-000009',
  },
];

const record = (ids: typeof referral | typeof shared, values: Values): Values => ({
  Id: ids.crmId,
  ACE_Id__c: ids.aceId,
  ACE_Last_Modified__c: '2026-11-21T10:00:01.000Z',
  ...values,
});

const row = (ids: typeof referral | typeof shared, values: Values): Values => ({
  Id: ids.rowId,
  ACE_Id__c: ids.aceId,
  CRM_Record_Id__c: ids.crmId,
  Opportunity__c: ids.crmId,
  Status__c: 'Synced',
  Shared__c: true,
  Received_State__c: JSON.stringify({
    stamp: { connection: 'faults', spmsId: '123456', installation: 'flt', recordId: ids.crmId, aceId: ids.aceId },
  }),
  ...values,
});

/** Evidence of a short day without a violation. */
export function calmEvidence(): Evidence {
  const outbound = storedFile(`opportunity-outbound-archive/${exportName}`, {
    spmsId: '123456',
    opportunities: exported,
  });
  const version = `opportunity-outbound/${exportName}@${outbound.etag}@2026-11-21T10:00:02.000Z`;
  const create = { partnerCrmUniqueIdentifier: shared.crmId, nextStep: 'Visit crm-000005' };
  const update = {
    apnCrmUniqueIdentifier: shared.aceId,
    partnerCrmUniqueIdentifier: shared.crmId,
    nextStep: 'Visit crm-000009',
  };
  const inbound = (name: string, content: Values) =>
    storedFile(`opportunity-inbound-archive/${name}`, { spmsId: '123456', opportunities: [content] });
  const answer = (name: string) =>
    storedFile(`opportunity-inbound-processed-results-archive/${name.replace('.json', '_result.json')}`, {
      fileName: `opportunity-inbound/${name}`,
      inboundApiResults: [{ isSuccess: true, apnCrmUniqueIdentifier: shared.aceId }],
    });
  const foreign = storedFile(foreignKey, { fileName: 'opportunity-inbound/other-system_000001.json' });
  const made = { ...record(referral, {}), CreatedById: integrationUserId, LastModifiedById: integrationUserId };
  return {
    connection: 'faults',
    installation: 'flt',
    spmsId: '123456',
    integrationUserId,
    bucket: [
      outbound,
      foreign,
      ...[inbound(sentName, create), inbound(updateName, update)],
      ...[answer(sentName), answer(updateName)],
    ],
    ace: {
      records: [
        {
          object: 'opportunity',
          aceId: referral.aceId,
          partnerId: null,
          origin: 'awsReferral',
          fields: { nextStep: 'Call aws-000003', targetCloseDate: '2040-01-05' },
        },
        {
          object: 'opportunity',
          aceId: shared.aceId,
          partnerId: shared.crmId,
          origin: 'partnerReferral',
          fields: { nextStep: 'Visit crm-000009' },
        },
      ],
      files: [
        {
          key: `opportunity-inbound/${sentName}`,
          processedAt: '2026-11-21T09:01:00.000Z',
          outcome: 'processed',
        },
        {
          key: `opportunity-inbound/${updateName}`,
          processedAt: '2026-11-21T09:31:00.000Z',
          outcome: 'processed',
        },
      ],
    },
    crm: {
      rows: {
        Opportunity: [record(referral, {}), record(shared, { NextStep: 'Visit crm-000009' })],
        Lead: [],
        ACE_Sync__c: [
          row(referral, { AWS_Next_Step__c: 'Call aws-000003', AWS_Close_Date__c: '2040-01-05' }),
          row(shared, { AWS_Next_Step__c: 'Visit crm-000009' }),
        ],
        ACE_Connection__c: [{ Id: 'a02', Connection__c: 'faults', Held__c: false }],
      },
      commits: [
        { object: 'Opportunity', id: referral.crmId, values: made },
        {
          object: 'Opportunity',
          id: shared.crmId,
          values: { NextStep: 'Visit crm-000009', CreatedById: salesPersonId, LastModifiedById: salesPersonId },
        },
        {
          object: 'ACE_Sync__c',
          id: referral.rowId,
          values: {
            CRM_Record_Id__c: referral.crmId,
            AWS_Next_Step__c: 'Call aws-000003',
            LastModifiedById: integrationUserId,
          },
        },
      ],
    },
    journal: [
      ...[0, 1].map((index) => ({
        id: `${version}#${index}`,
        connection: 'faults',
        kind: 'outboundRecord',
        crmId: null,
        outcome: 'applied',
      })),
      ...[sentName, updateName].map((file) => ({
        id: `${file}#${shared.crmId}`,
        connection: 'faults',
        kind: 'upload',
        file,
        crmId: shared.crmId,
        outcome: 'accepted',
      })),
    ],
    changes: [{ crmId: referral.crmId, field: 'ACE_Sync__r.AWS_Next_Step__c', after: 'Call aws-000003' }],
    runs: [
      {
        workflowId: `faults/upload/opportunity/${shared.crmId}`,
        type: 'uploadRecord',
        status: 'COMPLETED',
        startedAt: '2026-11-21T09:00:00.000Z',
        attributes: { AceConnection: 'faults', AceOutcome: 'done' },
        history: '[]',
      },
    ],
    logs: [{ name: 'worker-1.log', text: '{"msg":"The worker runs."}' }],
    pages: [{ name: 'worker-1 /metrics', text: 'temporal_workflow_completed{namespace="ace-sync"}' }],
    notices: ['{"text":"faults: 1 record is held."}'],
    foreign: [{ key: foreignKey, etag: foreign.etag }],
    unsettled: [],
  };
}
