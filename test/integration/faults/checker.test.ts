import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from '../../../bench/faults/check/check.ts';
import { type BrokenPromise, type Evidence, promises, type Run, type Values } from '../../../bench/faults/evidence.ts';
import {
  calmEvidence,
  exportName,
  foreignKey,
  integrationUserId,
  referral,
  salesPersonId,
  sentName,
  shared,
  storedFile,
  updateName,
} from './calm-evidence.ts';

type Mutable<T> = T extends object ? { -readonly [Name in keyof T]: Mutable<T[Name]> } : T;
type Plant = readonly [BrokenPromise, what: string, (evidence: Mutable<Evidence>) => void];

const fileOf = ({ bucket }: Mutable<Evidence>, part: string) => {
  const file = bucket.find(({ key }) => key.includes(part));
  if (file === undefined) throw new Error(`There is no ${part}.`);
  return file;
};
const first = <T>(list: readonly T[]): T => {
  const [one] = list;
  if (one === undefined) throw new Error('The list is empty.');
  return one;
};
const rowOf = ({ crm }: Mutable<Evidence>, id: string): Record<string, unknown> => {
  const rows: Values[] = [...crm.rows.ACE_Sync__c, ...crm.rows.Opportunity];
  return rows.find((row) => row.Id === id) as Record<string, unknown>;
};
/** A commit of which the journal tells. */
const commit = (evidence: Mutable<Evidence>, id: string, values: Values) => {
  const [object, prefix] = id.startsWith('006')
    ? (['Opportunity', ''] as const)
    : (['ACE_Sync__c', 'ACE_Sync__r.'] as const);
  evidence.crm.commits.push({ object, id, values });
  for (const [field, after] of Object.entries(values))
    evidence.changes.push({ crmId: id, field: prefix + field, after });
};
const bySync = { LastModifiedById: integrationUserId };
const byPerson = { LastModifiedById: salesPersonId };
const run = (evidence: Mutable<Evidence>, changes: Partial<Run>) =>
  evidence.runs.push({ ...first(calmEvidence().runs), ...changes } as Mutable<Run>);
const send = (evidence: Mutable<Evidence>, name: string, record: Values, processedAt: string) => {
  const content = { spmsId: '123456', opportunities: [record] };
  evidence.bucket.push(
    storedFile(`opportunity-inbound-archive/${name}`, content) as Mutable<Evidence>['bucket'][number],
  );
  evidence.ace.files.push({ key: `opportunity-inbound/${name}`, processedAt, outcome: 'processed' });
};
const third = updateName.replace('4a1b2c3d-2', '5a1b2c3d-3');
const both = { apnCrmUniqueIdentifier: shared.aceId, partnerCrmUniqueIdentifier: shared.crmId };

/** Each way in which a promise can be broken, put into evidence that is clean otherwise. */
const plants: readonly Plant[] = [
  [
    'lost',
    'a record of an exported file has no outcome, though the file is still there',
    (evidence) => {
      evidence.journal = evidence.journal.filter(({ id }) => !id.endsWith('#1'));
      const { text, etag } = fileOf(evidence, exportName);
      evidence.bucket.push({ key: `opportunity-outbound/${exportName}`, etag, text, tags: { outcome: 'rejected' } });
    },
  ],
  [
    'lost',
    'an ACE record has no companion row',
    (evidence) => {
      evidence.crm.rows.ACE_Sync__c = evidence.crm.rows.ACE_Sync__c.filter((row) => row.Id !== referral.rowId);
    },
  ],
  [
    'lost',
    "AWS's last value is not shown",
    (evidence) => {
      rowOf(evidence, referral.rowId).AWS_Next_Step__c = 'Call aws-000002';
    },
  ],
  [
    'lost',
    'the CRM holds an older version',
    (evidence) => {
      rowOf(evidence, referral.crmId).ACE_Last_Modified__c = '2026-11-21T09:00:00.000Z';
    },
  ],
  [
    'lost',
    'an edit in the CRM never reached ACE',
    (evidence) => {
      rowOf(evidence, shared.crmId).NextStep = 'Visit crm-000012';
    },
  ],
  [
    'lost',
    'the sync wrote a value that the journal does not tell of',
    (evidence) => {
      evidence.changes = [];
    },
  ],
  [
    'lost',
    'a shared record is not at ACE and nobody says why',
    (evidence) => {
      evidence.crm.rows.ACE_Sync__c.push({ Id: 'a03', Opportunity__c: '006000000000003AAA', Shared__c: true });
    },
  ],
  [
    'secondCrmRecord',
    'two records were made for one ACE record, though one is gone again',
    (evidence) =>
      commit(evidence, '006000000000009AAA', { ...bySync, CreatedById: integrationUserId, ACE_Id__c: referral.aceId }),
  ],
  [
    'secondCrmRecord',
    'a record was made for what sales had shared',
    (evidence) =>
      commit(evidence, '006000000000009AAA', { ...bySync, CreatedById: integrationUserId, ACE_Id__c: shared.aceId }),
  ],
  [
    'secondCrmRecord',
    'a record has two companion rows',
    (evidence) => {
      evidence.crm.rows.ACE_Sync__c.push({ Id: 'a04', Opportunity__c: referral.crmId });
    },
  ],
  [
    'secondOpportunity',
    'ACE has two opportunities of one CRM record',
    (evidence) => {
      const [, record] = evidence.ace.records;
      if (record !== undefined) evidence.ace.records.push({ ...record, aceId: 'O1000009' });
    },
  ],
  [
    'secondOpportunity',
    'a create was sent although ACE had taken one',
    (evidence) => send(evidence, third, { partnerCrmUniqueIdentifier: shared.crmId }, '2026-11-21T09:50:00.000Z'),
  ],
  [
    'olderOverNewer',
    'the CRM goes back to an older version',
    (evidence) => {
      commit(evidence, referral.crmId, { ACE_Last_Modified__c: '2026-11-21T08:00:00.000Z', ...bySync });
    },
  ],
  [
    'olderOverNewer',
    'the AWS mirror goes back to an older value',
    (evidence) => {
      for (const number of ['000003', '000002'])
        commit(evidence, referral.rowId, { AWS_Next_Step__c: `Call aws-${number}`, ...bySync });
    },
  ],
  [
    'olderOverNewer',
    'ACE is sent an older value',
    (evidence) => send(evidence, third, { ...both, nextStep: 'Visit crm-000007' }, '2026-11-21T09:50:00.000Z'),
  ],
  [
    'echo',
    'ACE is told what AWS wrote',
    (evidence) => send(evidence, third, { ...both, nextStep: 'Call aws-000003' }, '2026-11-21T09:50:00.000Z'),
  ],
  [
    'echo',
    'ACE is told again what it had answered',
    (evidence) => send(evidence, third, { ...both, nextStep: 'Visit crm-000009' }, '2026-11-21T09:50:00.000Z'),
  ],
  [
    'echo',
    'a CRM field is set back to what the CRM had sent',
    (evidence) => {
      commit(evidence, shared.crmId, { NextStep: 'Visit crm-000012', ...byPerson });
      commit(evidence, shared.crmId, { NextStep: 'Visit crm-000009', ...bySync });
    },
  ],
  [
    'deletedTooEarly',
    'a file is gone although a record is parked',
    (evidence) => {
      first(evidence.journal).outcome = 'parked';
    },
  ],
  [
    'unhandledResult',
    'a result still lies in its folder',
    (evidence) => {
      const { text, etag } = fileOf(evidence, `processed-results-archive/${sentName.replace('.json', '_result')}`);
      const key = `opportunity-inbound-processed-results/${sentName.replace('.json', '_result.json')}`;
      evidence.bucket.push({ key, etag, text, tags: {} });
    },
  ],
  [
    'unhandledResult',
    'no upload heard of an answer',
    (evidence) => {
      evidence.journal = evidence.journal.filter(({ file }) => file !== updateName);
    },
  ],
  [
    'unhandledResult',
    'a row still says that its file is on its way',
    (evidence) => {
      rowOf(evidence, shared.rowId).Sending__c = '{}';
    },
  ],
  [
    'silentlyParked',
    'a held row has no reason',
    (evidence) => {
      Object.assign(rowOf(evidence, shared.rowId), { Status__c: 'Held', Reason_Code__c: 'X', Fix_By__c: 'AWS' });
    },
  ],
  [
    'silentlyParked',
    'an action was not taken up',
    (evidence) => {
      rowOf(evidence, shared.rowId).Action__c = 'Retry';
    },
  ],
  ['silentlyParked', 'a workflow failed', (evidence) => run(evidence, { workflowId: 'faults/x', status: 'FAILED' })],
  [
    'silentlyParked',
    'a workflow waits without an outcome',
    (evidence) => run(evidence, { workflowId: 'faults/x', status: 'RUNNING', attributes: { AceConnection: 'faults' } }),
  ],
  [
    'silentlyParked',
    'a file lies in the folder and nobody works on it',
    (evidence) => {
      const { text, etag } = fileOf(evidence, exportName);
      evidence.bucket.push({ key: `opportunity-outbound/${exportName}`, etag, text, tags: { outcome: 'parked' } });
    },
  ],
  [
    'silentlyParked',
    'the day never settles',
    (evidence) => {
      evidence.unsettled = ['1 workflows at work'];
    },
  ],
  [
    'wrongConnection',
    'a ledger line names another connection',
    (evidence) => {
      first(evidence.journal).connection = 'other';
    },
  ],
  [
    'wrongConnection',
    'a workflow works for another connection',
    (evidence) => run(evidence, { workflowId: 'other/x', attributes: { AceConnection: 'other' } }),
  ],
  [
    'wrongConnection',
    "a row carries another record's state",
    (evidence) => {
      rowOf(evidence, shared.rowId).Received_State__c = rowOf(evidence, referral.rowId).Received_State__c;
    },
  ],
  [
    'wrongConnection',
    "a file names another record's ACE id",
    (evidence) =>
      send(
        evidence,
        third,
        { ...both, apnCrmUniqueIdentifier: referral.aceId, nextStep: 'Visit crm-000010' },
        '2026-11-21T09:50:00.000Z',
      ),
  ],
  [
    'wrongConnection',
    "another system's result is gone",
    (evidence) => {
      evidence.bucket = evidence.bucket.filter(({ key }) => key !== foreignKey);
    },
  ],
  [
    'wrongConnection',
    "another system's result was tagged",
    (evidence) => {
      fileOf(evidence, foreignKey).tags = { outcome: 'rejected' };
    },
  ],
  [
    'wrongConnection',
    'the connection is held',
    (evidence) => {
      Object.assign(first(evidence.crm.rows.ACE_Connection__c) as object, { Held__c: true });
    },
  ],
  [
    'personalData',
    'a name is in a workflow id',
    (evidence) => run(evidence, { workflowId: 'faults/Zqmarka', type: 'scanOutbound' }),
  ],
  [
    'personalData',
    'an e-mail address is in a search attribute',
    (evidence) => {
      first(evidence.runs).attributes = { AceConnection: 'faults', AceReason: 'zqmark7@people.example' };
    },
  ],
  [
    'personalData',
    'a phone number is in a history',
    (evidence) => {
      first(evidence.runs).history = '{"activityTaskFailedEventAttributes":{"message":"bad +18885550007"}}';
    },
  ],
  [
    'personalData',
    'an e-mail address is in a log',
    (evidence) => {
      first(evidence.logs).text += 'zqmark7@people.example';
    },
  ],
  [
    'personalData',
    'a name is a label of a metric',
    (evidence) => {
      first(evidence.pages).text += '\nrecords{owner="Zqmarkson7"}';
    },
  ],
  [
    'personalData',
    'a phone number is in a notice',
    (evidence) => {
      evidence.notices.push('{"text":"Call +18885550007."}');
    },
  ],
  [
    'personalData',
    'a name is in the ledger',
    (evidence) => {
      first(evidence.journal).code = 'ZQMARKSON7';
    },
  ],
];

test('a calm day has no violation', () => {
  assert.deepEqual(check(calmEvidence()), []);
});

test('a stopped record that remembers a file whose answer ACE lost is no violation', () => {
  const evidence = structuredClone(calmEvidence()) as Mutable<Evidence>;
  const stopped = { Sending__c: '{}', Status__c: 'Stopped', Reason__c: 'Entered twice', Reason_Code__c: 'STOPPED' };
  Object.assign(rowOf(evidence, shared.rowId), stopped);
  assert.deepEqual(check(evidence as Evidence), []);
});

test('a day on which people merge a record into a double, which goes on under its own id, has no violation', () => {
  const evidence = structuredClone(calmEvidence()) as Mutable<Evidence>;
  const survivor = '006000000000777AAA';
  const made = evidence.crm.commits.find(({ id }) => id === referral.crmId)?.values;
  commit(evidence, referral.crmId, { ...made, ACE_Id__c: referral.aceId, IsDeleted: true, MasterRecordId: survivor });
  const record = rowOf(evidence, referral.crmId);
  record.Id = survivor;
  const row = rowOf(evidence, referral.rowId);
  row.CRM_Record_Id__c = survivor;
  row.Opportunity__c = survivor;
  const atAce = evidence.ace.records.find(({ aceId }) => aceId === referral.aceId);
  assert.ok(atAce);
  atAce.partnerId = survivor;
  assert.deepEqual(check(evidence as Evidence), []);
});

test('there is a plant for every promise', () => {
  assert.deepEqual(new Set(plants.map(([promise]) => promise)), new Set(promises));
});

for (const [promise, what, plant] of plants) {
  test(`the checker finds ${promise}: ${what}`, () => {
    const evidence = structuredClone(calmEvidence()) as Mutable<Evidence>;
    plant(evidence);
    const found = check(evidence as Evidence).map((violation) => violation.promise);
    assert.ok(found.length > 0, 'nothing was found');
    assert.deepEqual([...new Set(found)], [promise], 'only the planted promise is broken');
  });
}
