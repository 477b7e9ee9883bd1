/**
 * Mapping speed of the shipped mapping, one record after the other on one core, without any I/O: plans in and out,
 * hashes included. Prints the table of docs/mapping.md. Run: `node bench/mapping.ts [records]`.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { AceRecord } from '../src/ace/ace-record.ts';
import type { Linked } from '../src/crm/crm.ts';
import { loadMapping } from '../src/mapping/compile.ts';
import { finishInbound, planInbound } from '../src/mapping/inbound.ts';
import { createKeyedHasher } from '../src/mapping/keyed-hasher.ts';
import { planOutbound } from '../src/mapping/outbound.ts';
import type { Stamp } from '../src/mapping/sync-state.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const count = Number(positionals[0] ?? 2_000);
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

const linked = (name: string): Linked => ({
  record: {
    id: '006000000000001AAA',
    object: 'opportunity',
    fields: { Name: name, StageName: 'Qualification', CloseDate: '2026-12-31', 'Account.Name': 'Example GmbH' },
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
    linked: linked('Project 0'),
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
    linked: linked(`Project ${index}`),
    sent: null,
    received,
    hash,
    stamp,
    payloadVersion: 2,
    programme: 'consulting',
    today: '2026-03-01',
    intentFields: null,
  });

let received = null as Parameters<typeof planInbound>[0]['received'];
received = finishInbound(await inbound(0), linked('Project 0'));

async function perSecond(work: (index: number) => Promise<unknown>): Promise<number> {
  for (let index = 1; index <= 200; index += 1) await work(index);
  const before = performance.now();
  for (let index = 1; index <= count; index += 1) await work(index);
  return Math.round((count / (performance.now() - before)) * 1_000);
}

const rows = [
  ['ACE record to CRM plan', await perSecond(inbound)],
  ['CRM record to ACE payload', await perSecond(outbound)],
] as const;
process.stdout.write(`| mapping, ${count} records | records a second |\n|---|---:|\n`);
for (const [name, speed] of rows) process.stdout.write(`| ${name} | ${speed.toLocaleString('en-US')} |\n`);
