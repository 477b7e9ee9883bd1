import { readFileSync } from 'node:fs';
import type { AceRecord } from '../src/ace/ace-record.ts';
import type { Linked } from '../src/crm/crm.ts';
import { loadMapping } from '../src/mapping/compile.ts';
import { finishInbound, planInbound } from '../src/mapping/inbound.ts';
import { createKeyedHasher } from '../src/mapping/keyed-hasher.ts';
import { planOutbound } from '../src/mapping/outbound.ts';
import type { ReceivedState, Stamp } from '../src/mapping/sync-state.ts';

/**
 * Mapping speed of the shipped mapping: one record after the other on one core, hashes included, without any I/O.
 * Every record has one change.
 */
export interface MappingBenchmark {
  readonly records: number;
  /** Records per second from ACE record to CRM plan. */
  readonly inbound: number;
  /** Records per second from CRM record to ACE payload. */
  readonly outbound: number;
}

const mapping = loadMapping(readFileSync(new URL('../mappings/salesforce-default.yaml', import.meta.url), 'utf8'));
const hash = createKeyedHasher(Buffer.alloc(32, 1));
const stamp: Stamp = {
  connection: 'bench',
  environment: 'beta',
  spmsId: '123456',
  orgId: '00D000000000001',
  installation: 'bench',
  recordId: '006000000000001AAA',
  aceId: 'O1000000',
};
const start = Date.parse('2026-03-01T00:00:00.000Z');
const time = (index: number): string => new Date(start + index * 60_000).toISOString();

const record = (index: number): AceRecord => ({
  apnCrmUniqueIdentifier: 'O1000000',
  partnerCrmUniqueIdentifier: '006000000000001AAA',
  opportunityOwnership: 'Partner Referral',
  status: 'Approved',
  stage: 'Qualified',
  partnerProjectTitle: `Project ${index}`,
  projectDescription: 'A description of ordinary length, as people write them into a form.',
  targetCloseDate: '2026-12-31',
  nextStep: `Step ${index}`,
  customerCompanyName: 'Example GmbH',
  country: 'Germany',
  useCase: 'Networking',
  deliveryModel: 'SaaS or PaaS;Managed Services',
  solutionOffered: ['S-0000001'],
  expectedMonthlyAwsRevenue: 1000 + index,
  aWSAccountOwnerName: 'Alex Example',
  aWSAccountOwnerEmail: 'alex@example.com',
  aWSSalesRepName: 'Sam Example',
  lastModifiedDate: time(index),
});

const linked = (nextStep: string): Linked => ({
  record: {
    id: '006000000000001AAA',
    object: 'opportunity',
    fields: { Name: 'Project', NextStep: nextStep, StageName: 'Qualification', 'Account.Name': 'Example GmbH' },
    aceId: 'O1000000',
    aceLastModified: null,
    systemModstamp: time(0),
    deleted: false,
    mergedInto: null,
    converted: null,
  },
  row: {
    id: 'a00000000000001AAA',
    aceId: 'O1000000',
    crmId: null,
    fields: { Shared__c: true },
    systemModstamp: time(0),
  },
});

const inbound = (index: number) =>
  planInbound({
    mapping,
    object: 'opportunity',
    aceRecord: record(index),
    linked: linked('Step 0'),
    sent: null,
    received,
    hash,
    fileKey: `opportunity-outbound/${index}.json`,
    fileLastModified: time(index),
    stamp,
    mode: 'live',
    now: time(index),
  });
const outbound = (index: number) =>
  planOutbound({
    mapping,
    object: 'opportunity',
    linked: linked(`Step ${index}`),
    sent: null,
    received,
    hash,
    stamp,
    payloadVersion: 2,
    programme: 'consulting',
    today: '2026-03-01',
    intentFields: null,
  });

let received: ReceivedState | null = null;

async function perSecond(records: number, work: (index: number) => Promise<unknown>): Promise<number> {
  for (let index = 1; index <= 200; index += 1) await work(index);
  const before = performance.now();
  for (let index = 1; index <= records; index += 1) await work(index);
  return Math.round((records / (performance.now() - before)) * 1_000);
}

export async function benchMapping(records = 2_000): Promise<MappingBenchmark> {
  received = finishInbound(await inbound(0), linked('Step 0'));
  return { records, inbound: await perSecond(records, inbound), outbound: await perSecond(records, outbound) };
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await benchMapping())}\n`);
