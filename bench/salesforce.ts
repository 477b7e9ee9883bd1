import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Connection } from 'jsforce';
import { createSalesforceCrm } from '../src/crm/salesforce/create-salesforce-crm.ts';
import { deployDataModel } from '../src/crm/salesforce/metadata/deploy-data-model.ts';
import { salesforceOptionsSchema } from '../src/crm/salesforce/options.ts';
import { createSession } from '../src/crm/salesforce/session.ts';

export interface SalesforceBenchmark {
  readonly records: number;
  /** Records per second. */
  readonly bare: number;
  readonly ours: number;
  /** `ours` divided by `bare`: what checks, shared calls and results by record cost. */
  readonly ratio: number;
  readonly calls: number;
  /** Growth of this process's memory in MB. */
  readonly memory: number;
}

interface Login {
  readonly loginUrl: string;
  readonly instanceUrl: string;
  readonly accessToken: string;
}

/** Callers at once, as on a worker with many activities. */
const concurrency = 600;
const apiVersion = '62.0';
const rounds = 10;

/**
 * Upserts opportunities through bare jsforce, 200 in a call and one call at a time, and then as many others through our
 * client, one `write` per record, against the same stand-in in the same run.
 */
export async function benchSalesforce(records = 50_000): Promise<SalesforceBenchmark> {
  const child = fork(new URL('./salesforce-stand-in.ts', import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  try {
    const [login] = (await once(child, 'message')) as [Login];
    const { loginUrl, instanceUrl, accessToken } = login;
    const options = salesforceOptionsSchema.parse({
      loginUrl,
      apiVersion,
      auth: { kind: 'accessToken', instanceUrl, accessToken: { static: accessToken } },
    });
    const session = createSession(options);
    await deployDataModel(session, { dryRun: false });
    await session.close();
    // Both warm up on some records, so that neither pays for the other's first calls.
    await upsertBare(login, 'warm-bare', 2_000);
    await upsertOurs(options, 'warm-ours', 2_000);
    let bare = 0;
    let ours = 0;
    let calls = 0;
    const before = process.memoryUsage().rss;
    // Turn by turn, so that a busy machine slows both alike.
    for (let round = 0; round < rounds; round++) {
      bare += await upsertBare(login, `bare${round}-`, records / rounds);
      const done = await upsertOurs(options, `ours${round}-`, records / rounds);
      ours += done.seconds;
      calls += done.calls;
    }
    const memory = Math.round((process.memoryUsage().rss - before) / 1_000_000);
    const perSecond = (elapsed: number) => Math.round(records / elapsed);
    const ratio = Math.round((bare / ours) * 100) / 100;
    return { records, bare: perSecond(bare), ours: perSecond(ours), ratio, calls, memory };
  } finally {
    await stop(child);
  }
}

const fieldsOf = (index: number) => ({
  Name: `Project ${index}`,
  StageName: 'Prospecting',
  CloseDate: '2026-12-31',
  NextStep: 'Call the customer',
  ACE_Last_Modified__c: '2026-01-01T00:00:00.000Z',
});

async function upsertBare({ instanceUrl, accessToken }: Login, prefix: string, records: number): Promise<number> {
  const connection = new Connection({ instanceUrl, accessToken, version: apiVersion });
  const start = performance.now();
  for (let from = 0; from < records; from += 200) {
    const count = Math.min(200, records - from);
    const rows = Array.from({ length: count }, (_, index) => ({
      ACE_Id__c: `${prefix}${from + index}`,
      ...fieldsOf(from + index),
    }));
    const results = await connection.upsert('Opportunity', rows, 'ACE_Id__c');
    if (results.some((result) => !result.success)) throw new Error('bare jsforce: a record was refused');
  }
  return (performance.now() - start) / 1000;
}

async function upsertOurs(options: ReturnType<typeof salesforceOptionsSchema.parse>, prefix: string, records: number) {
  const crm = createSalesforceCrm(options);
  await crm.identity();
  const usedBefore = crm.apiUsage()?.used ?? 0;
  const start = performance.now();
  let next = 0;
  const caller = async () => {
    for (let index = next++; index < records; index = next++) {
      const key = { externalId: 'ACE_Id__c', value: `${prefix}${index}` };
      const outcome = await crm.write('opportunity', key, fieldsOf(index));
      if (outcome.kind !== 'written') throw new Error(`our client: ${outcome.kind}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  const seconds = (performance.now() - start) / 1000;
  const calls = (crm.apiUsage()?.used ?? 0) - usedBefore;
  await crm.close();
  return { seconds, calls };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await benchSalesforce())}\n`);
