import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { schedulesOf } from '../../../src/client/schedules.ts';
import { createJournal } from '../../../src/journal/journal.ts';
import { freePort } from '../../../src/sandbox/local-services/free-port.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { freshBucket } from '../journal/journal-places.ts';
import { readRecord, shareOpportunity } from '../main-job/crm-records.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';
import { type CommandRun, runCommand } from '../main-job/run-command.ts';

/** Stands in every record here; no command that lists what waits, and no metric, may show it. */
const planted = 'Zebrafinch';
/** One more than are tried again without a question. */
const heldRecords = 21;

/** What an engineer does at a terminal, on a connection whose journal lies in S3. */
describe('the commands of an operator', { timeout: 600_000 }, () => {
  let job: MainJob;
  let ports: { healthPort: number; metricsPort: number };
  let crmId: string;
  let aceId: string;
  const held: string[] = [];
  const aceSync = (...words: readonly string[]) => runCommand(job.configPath, ...words);
  const json = async <T>(...words: readonly string[]): Promise<T> => parsed(await aceSync(...words, '--json'));
  function parsed<T>({ code, stdout, stderr }: CommandRun): T {
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as T;
  }

  before(async () => {
    const healthPort = await freePort(0);
    ports = { healthPort, metricsPort: await freePort(0, [healthPort]) };
    const { folder, s3 } = await freshBucket();
    job = await startMainJob({ seed: 31, configuration: { journal: { folder, s3, keepDays: 90 }, worker: ports } });
    ({ crmId } = await shareOpportunity(job, 0));
    for (let number = 0; number < heldRecords; number += 1) {
      const fields = { Name: `${planted} ${number}`, Description: planted };
      held.push((await shareOpportunity(job, 1, fields)).crmId);
    }
    await job.settle();
    await waitUntil('the held uploads', async () => (await job.status()).uploads.held === heldRecords);
    const [record] = (await job.ace.records()).filter(({ fields }) => fields.partnerCrmUniqueIdentifier === crmId);
    assert.ok(record);
    ({ aceId } = record);
    await job.ace.approve({ id: aceId });
    await job.ace.step({ minutes: 1 });
    await job.ace.edit({ id: aceId, fields: { nextStep: 'Meet the customer' } });
    await job.ace.exportNow();
    await job.settle();
  });

  it('inbox says of each held record what, why, since when, who can fix it and what to do', async () => {
    const items = await json<readonly Record<string, string>[]>('inbox');
    assert.deepEqual(items.map(({ id }) => id).toSorted(), held.toSorted());
    for (const { code, reason, since, fixBy, action } of items) {
      assert.match(code ?? '', /^[A-Z_]+$/);
      assert.ok(reason && fixBy && !Number.isNaN(Date.parse(since ?? '')));
      assert.match(action ?? '', /ace-sync retry 006/);
    }
    assert.doesNotMatch(JSON.stringify(items), new RegExp(planted));
  });

  it('retry in bulk shows first, asks above 20, and then tries each again', async () => {
    const [one = ''] = held;
    assert.equal((await aceSync('retry')).code, 2, 'nothing named');
    assert.equal((await aceSync('retry', one, '--all')).code, 2, 'both');
    for (const records of ['abc', '', '1,x', '-1'])
      assert.equal((await aceSync('retry', one, `--records=${records}`)).code, 2, `records ${records}`);
    const dry = await json<{ retried: unknown[]; wouldRetry: unknown[] }>('retry', '--all', '--dry-run');
    assert.deepEqual([dry.retried.length, dry.wouldRetry.length], [0, heldRecords]);
    const asked = await aceSync('retry', '--query', 'AceOutcome = "held"');
    assert.deepEqual([asked.code, asked.stdout], [2, '']);
    assert.match(asked.stderr, /21 .*\n.*no terminal to ask on: add --yes/s);
    const done = await json<{ retried: unknown[] }>('retry', '--query', 'AceOutcome = "held"', '--yes');
    assert.equal(done.retried.length, heldRecords);
    const unknown = await aceSync('retry', '006000000000000AAA', '--json');
    assert.deepEqual([unknown.code, JSON.parse(unknown.stdout).unknown], [1, ['006000000000000AAA']]);
  });

  it('abandon needs a reason, gives the upload up, and says when there is none', async () => {
    const [one = ''] = held;
    assert.equal((await aceSync('abandon', one)).code, 2);
    assert.equal((await aceSync('abandon', 'Zebrafinch', '--reason', 'no')).code, 2);
    const { abandoned } = await json<{ abandoned: string }>('abandon', one, '--reason', 'Not a co-sell deal');
    assert.equal(abandoned, job.uploadId(one));
    await waitUntil('its end', async () => (await job.status()).uploads.held === heldRecords - 1);
    const again = await aceSync('abandon', one, '--reason', 'twice');
    assert.equal(again.code, 1);
    assert.match(again.stderr, /No upload of 006\w+ is open/);
  });

  it('show tells the story of a record in order, by either id, after Temporal forgot it', async () => {
    const executions = job.client.workflow.list({ query: `AceConnection = '${job.config.connection}'` });
    for await (const { workflowId, runId, status } of executions) {
      if (status.name === 'RUNNING') continue;
      const execution = { namespace: job.config.temporal.namespace, workflowExecution: { workflowId, runId } };
      await job.client.workflowService.deleteWorkflowExecution(execution);
    }
    const story = await json<readonly { at: string; what: string; outcome: string }[]>('show', crmId);
    assert.deepEqual(story, await json('show', aceId));
    assert.deepEqual(
      story.map(({ at }) => at),
      story.map(({ at }) => at).toSorted(),
    );
    const whats = story.map(({ what, outcome }) => `${what}: ${outcome}`);
    const told = ['to AWS: sent', 'answer of AWS: accepted', 'CRM field ACE_Id__c: written', 'from AWS: applied'];
    for (const event of told) assert.ok(whats.includes(event), `${event} in ${whats.join('; ')}`);
    assert.equal((await aceSync('show', '006000000000000AAA')).code, 1);
  });

  it('explain says who wrote a field, from which file, by which rule and mapping, and that the CRM confirmed it', async () => {
    const { last } = await json<{ last: Record<string, unknown> }>('explain', crmId, 'ACE_Id__c');
    assert.equal(last.after, aceId);
    assert.deepEqual([last.before, last.actor, last.answer], [null, 'aws', 'written']);
    assert.match(String(last.mappingVersion), /^1-[0-9a-f]{16}$/);
    assert.match(String(last.cause), /\.json(@[0-9a-f]{32})?$/);
    assert.match((await aceSync('explain', crmId, 'ACE_Id__c')).stdout, /confirmed by the CRM/);
    assert.equal((await aceSync('explain', crmId, 'ACE_Id__c', '--at', '2020-01-01')).code, 1, 'not yet');
    assert.equal((await aceSync('explain', crmId, 'ACE_Id__c', '--at', 'then')).code, 2);
    assert.equal((await aceSync('explain', crmId, 'Fax__c')).code, 1);
  });

  it('replay shows what is in a file, runs it only when told, and changes nothing that is there', async () => {
    const line = (await job.outcomes()).findLast(({ kind }) => kind === 'outboundFile');
    assert.ok(line);
    const content = async () => {
      const { LastModifiedDate: _, SystemModstamp: __, ...fields } = await readRecord(job, crmId);
      return fields;
    };
    const before = await content();
    const shown = await json<{ sha: string; aceIds: string[]; result?: unknown }>('replay', line.file);
    assert.deepEqual([shown.aceIds.includes(aceId), shown.sha, shown.result], [true, line.sha, undefined]);
    const { result } = await json<{ result: { outcome: string; records: Record<string, number> } }>(
      'replay',
      shown.sha,
      '--yes',
    );
    assert.deepEqual([result.outcome, result.records.applied], ['processed', 0]);
    assert.deepEqual(await content(), before);
    const unknown = await aceSync('replay', 'opportunity-outbound/never.json');
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /^OBJECT_GONE/);
  });

  it("recover finds in AWS's archive what is newer than the CRM, and brings it in when told", async () => {
    const since = ['--from-archive', '--since', new Date(Date.now() - 3_600_000).toISOString()];
    assert.equal((await aceSync('recover', '--from-archive')).code, 2);
    await job.ace.step({ minutes: 5 });
    await job.ace.edit({ id: aceId, fields: { nextStep: 'Meet the customer again' } });
    await job.ace.exportNow();
    for (const file of (await job.bucket.list(aceFolders.opportunity.outbound)).objects) await job.bucket.delete(file);
    type Recovered = { newer: { aceId: string }[]; results: unknown[] };
    const found = await json<Recovered>('recover', ...since);
    assert.deepEqual([found.newer.some((one) => one.aceId === aceId), found.results], [true, []]);
    const done = await json<Recovered>('recover', ...since, '--yes');
    assert.ok(done.results.length > 0);
    const after = await json<Recovered>('recover', ...since);
    assert.equal(
      after.newer.some((one) => one.aceId === aceId),
      false,
    );
  });

  it('schedules pause stops the scans and not the watch, which tells when that is forgotten', async () => {
    const { created } = await json<{ created: string[] }>('schedules');
    const scans = created.filter((id) => !id.endsWith('/watch')).toSorted();
    assert.deepEqual([created.length, scans.length], [5, 4]);
    const paused = async () => {
      const states = created.map(
        async (id) => [id, (await job.client.schedule.getHandle(id).describe()).state] as const,
      );
      return (await Promise.all(states))
        .flatMap(([id, { paused, note }]) => (paused ? [`${id} ${note}`] : []))
        .toSorted();
    };
    const listed = async () => (await schedulesOf(job.client, job.config.connection)).length === created.length;
    await waitUntil('the listing has them', listed);
    assert.deepEqual(await json('schedules', 'pause', '--reason', 'maintenance'), { paused: scans });
    assert.deepEqual(
      await paused(),
      scans.map((id) => `${id} maintenance`),
    );
    await job.client.schedule.getHandle(`${job.config.connection}/watch`).pause('by hand');
    const resumed = await aceSync('schedules', 'resume');
    assert.deepEqual([resumed.code, resumed.stdout.trim().split('\n').length], [0, 5]);
    assert.deepEqual(await paused(), []);
    for (const id of created) await job.client.schedule.getHandle(id).delete();
  });

  it('journal prune removes nothing that is young, and says so', async () => {
    const { parts, removed } = await json<{ parts: unknown[]; removed: boolean }>('journal', 'prune', '--yes');
    assert.deepEqual([parts, removed], [[], true]);
    assert.ok((await createJournal(job.config.journal).outcomes()).length > 0);
  });

  it('the worker tells its health and its metrics, with units in their names and nothing of a record', async () => {
    const health = await fetch(`http://127.0.0.1:${ports.healthPort}/health`);
    assert.deepEqual([health.status, health.headers.get('content-type')], [200, 'application/json']);
    assert.equal(((await health.json()) as { connection: string }).connection, job.config.connection);

    const metrics = await fetch(`http://127.0.0.1:${ports.metricsPort}/metrics`);
    assert.match(metrics.headers.get('content-type') ?? '', /^text\/plain/);
    const text = await metrics.text();
    assert.match(text, /^ace_sync_outcomes_total\{.*kind="upload".*outcome="accepted".*\} 1$/m);
    const kinds = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', kind = '']) => [name, kind] as const);
    assert.ok(kinds.length > 10);
    for (const [name, kind] of kinds) {
      if (kind === 'counter') assert.match(name, /_total$/);
      if (kind === 'histogram') assert.match(name, /_seconds$/);
    }
    for (const secret of [crmId, aceId, ...held, planted, '.json']) assert.equal(text.includes(secret), false, secret);
  });

  it('check-record checks also what nobody shared, and says when there is no record', async () => {
    const refused = await aceSync('check-record', held[1] ?? '', '--json');
    assert.deepEqual([refused.code, JSON.parse(refused.stdout).shared], [1, true]);
    assert.ok(JSON.parse(refused.stdout).problems.length > 0);
    const unshared = await job.crm.create('Opportunity', {
      Name: 'A',
      StageName: 'Prospecting',
      CloseDate: '2030-01-31',
    });
    const asIf = await aceSync('check-record', unshared);
    assert.equal(asIf.code, 1);
    assert.match(asIf.stdout, /not shared; if it were\): held\.\n.*\[[A-Z_]+\]/s);
    const missing = await aceSync('check-record', '006000000000000AAA');
    assert.deepEqual([missing.code, missing.stderr], [1, '']);
    assert.match(missing.stdout, /holds no such record/);
    assert.equal((await aceSync('upload', crmId, '--dry-run')).code, 2, 'would send in spite of it');
  });

  it('inbox names who can correct what ACE refused, leaves out files on their way, and does without a worker', async () => {
    const { crmId: sent } = await shareOpportunity(job, 0);
    await job.detect();
    const inbound = aceFolders.opportunity.inbound;
    const [name = ''] = await waitUntil('the file', async () => {
      const names = (await job.names(inbound)).filter((one) => one.includes(sent));
      return names.length > 0 ? names : null;
    });
    const items = () => json<readonly Record<string, string>[]>('inbox');
    const ofSent = async () => (await items()).filter(({ id }) => id === sent);
    assert.deepEqual(await ofSent(), []);
    const row = { isSuccess: false, partnerCrmUniqueIdentifier: sent, errors: ['Required: Customer Website'] };
    const result = {
      ...{
        success: 'NONE',
        spmsId: job.config.ace.spmsId,
        isApiError: false,
        apiErrors: null,
        fileName: inbound + name,
      },
      ...{ inboundApiResults: [{ warnings: null, ...row }], fileApnProcessedDT: new Date().toISOString() },
    };
    const key = `${aceFolders.opportunity.processedResults}${name.replace('.json', '_result.json')}`;
    await job.awsBucket.put(key, Buffer.from(JSON.stringify(result)));
    await job.scan();
    const [item] = await waitUntil('the refusal', async () => ((await ofSent()).length > 0 ? ofSent() : null));
    assert.deepEqual([item?.code, item?.fixBy], ['ACE_REQUIRED', 'Sales person']);

    const before = (await items()).length;
    await job.worker.stop();
    const alone = await aceSync('inbox', '--json');
    assert.equal(alone.code, 0, alone.stderr);
    assert.match(alone.stderr, /No worker answers/);
    const shown = JSON.parse(alone.stdout) as readonly Record<string, string>[];
    assert.equal(shown.length, before);
    assert.equal(shown.find(({ id }) => id === sent)?.code, 'ACE_REQUIRED');
  });
});
