import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { createFolderStore } from '../../../src/journal/folder-store.ts';
import { createFolderJournal } from '../../../src/journal/journal.ts';
import { type Activation, createMappingReleases, releaseVersion } from '../../../src/journal/mapping-releases.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { readRecord, readRow } from '../main-job/crm-records.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';
import { approve, exported, oneAtAce, sentTo, share } from './sides.ts';

const { processedResults } = aceFolders.opportunity;
const commandLine = fileURLToPath(new URL('../../../src/client/cli.ts', import.meta.url));

/** Accidents around a changed mapping, a changed org and a second integration; each must not happen here. */
describe('a changed mapping', { timeout: 600_000 }, () => {
  let job: MainJob;
  let folder: string;
  let crmId: string;
  let other: string;

  const releases = () => createMappingReleases(createFolderStore(job.config.journal.folder));
  const aceSync = async (...words: string[]): Promise<{ stdout: string; code: number }> => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const args = [commandLine, ...words, '--config', join(folder, 'ace-sync.yaml')];
    const run = promisify(execFile)(process.execPath, args, { env: { ...env, TEMPORAL_ADDRESS: '' } });
    return run.then(
      ({ stdout }) => ({ stdout, code: 0 }),
      (error: { stdout: string; code: number }) => ({ stdout: error.stdout, code: error.code }),
    );
  };
  const changed = async (name: string, change: (text: string) => string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, change(await readFile(job.config.mapping, 'utf8')));
    return path;
  };
  /** Until the worker said that it follows this release. */
  const followed = (version: string) =>
    waitUntil(`the worker follows ${version}`, async () => {
      await job.scan();
      return job.worker.log().includes(`"mapping":"${version}`);
    });

  before(async () => {
    job = await startMainJob({ seed: 23 });
    folder = dirname(job.config.journal.folder);
    // Without a next step, so that a mapping of next steps says nothing of them.
    ({ crmId } = await share(job, { opportunity: { NextStep: '' } }));
    ({ crmId: other } = await share(job, { opportunity: { Name: 'Another one', NextStep: '' } }));
    await job.settle();
    await approve(job, crmId, other);
  });

  it('was released as number 1 by the first start, and every write names it', async () => {
    assert.deepEqual(
      (await releases().history()).map(({ number, reason }) => [number, reason]),
      [[1, 'first start']],
    );
    const lines = await createFolderJournal(job.config.journal.folder).changes();
    assert.ok(lines.length > 0);
    assert.ok(lines.every(({ mappingVersion }) => /^1-[0-9a-f]{16}$/.test(mappingVersion)));
    const [row] = await job.query('SELECT Mapping_Version__c FROM ACE_Connection__c');
    assert.match(String(row?.Mapping_Version__c), /^1-/);
    await writeFile(`${job.config.mapping}.old`, await readFile(job.config.mapping));
    await writeFile(job.config.mapping, '# edited, and not released');
    const shown = await aceSync('mapping', 'show', '--released');
    await writeFile(job.config.mapping, await readFile(`${job.config.mapping}.old`));
    assert.ok(shown.stdout.startsWith(`released, hash ${String(row?.Mapping_Version__c).slice(2)}\n`));
  });

  it('with a field that nobody may see is refused before it is released', async () => {
    await job.crm.connection.metadata.create('CustomField', {
      fullName: 'Opportunity.Hidden__c',
      label: 'Hidden',
      type: 'Text',
      length: 80,
    });
    const path = await changed('hidden.yaml', (text) =>
      text.replace('crm: NextStep, direction: out', 'crm: Hidden__c, direction: out'),
    );
    const { stdout, code } = await aceSync('mapping', 'activate', path, '--reason', 'a test', '--yes', '--json');
    const { activated, findings } = JSON.parse(stdout) as {
      activated: unknown;
      findings: { code: string; field: string }[];
    };
    assert.deepEqual([code, activated], [1, null]);
    assert.ok(findings.some((finding) => finding.code === 'PATH_MISSING' && finding.field === 'Hidden__c'));
    assert.equal((await releases().active())?.number, 1);
  });

  it('shows what it would do, is followed without a restart, and writes and sends nothing by itself', async () => {
    const path = await changed('dashes.yaml', (text) =>
      text.replace("? (value ? value : 'Other')", "? (value ? value : 'Lost to Competitor – Google')"),
    );
    const dry = JSON.parse((await aceSync('mapping', 'activate', path, '--dry-run', '--json')).stdout) as {
      activated: unknown;
      effects: { atOnce: unknown[]; records: { opportunity: number } };
    };
    assert.deepEqual([dry.activated, dry.effects.atOnce, dry.effects.records.opportunity], [null, [], 2]);
    const [sent, record] = [await sentTo(job, crmId), await readRecord(job, crmId)];
    assert.equal((await aceSync('mapping', 'activate', path, '--reason', 'dashes', '--yes')).code, 0);
    await followed('2-');
    await job.settle();
    await exported(job);
    assert.deepEqual(await sentTo(job, crmId), sent);
    assert.equal((await readRecord(job, crmId)).NextStep, record.NextStep);
  });

  it('sends standard values with the special dashes that ACE has', async () => {
    await job.crm.update('Opportunity', crmId, { StageName: 'Closed Lost' });
    await job.settle();
    const { fields } = await oneAtAce(job, crmId);
    assert.deepEqual([fields.stage, fields.closedLostReason], ['Closed Lost', 'Lost to Competitor – Google']);
    assert.equal((await readRow(job, crmId)).Status__c, 'Synced');
  });

  it('is followed by a sample of records first', async () => {
    const shout = (text: string) =>
      text.replace(
        'ace: nextStep, crm: NextStep, direction: out',
        "ace: nextStep, crm: NextStep, direction: out, transform: { out: '$uppercase(value)' }",
      );
    const path = await changed('shout.yaml', shout);
    const { crmId: sampled } = await share(job, { opportunity: { NextStep: 'call' } });
    await job.settle();
    await approve(job, sampled);
    const before = await releases().active();
    const started = await aceSync('mapping', 'activate', path, '--canary', '2', '--reason', 'try', '--yes', '--json');
    const { activated } = JSON.parse(started.stdout) as { activated: Activation };
    assert.deepEqual([started.code, activated.action, activated.reason], [0, 'canary', 'try']);
    const records = activated.canary?.records.toSorted();
    assert.deepEqual(records, [crmId, sampled].toSorted(), 'those for which it changes something');
    assert.deepEqual(
      [activated.number, activated.hash],
      [before?.number, before?.hash],
      'all others keep the released one',
    );
    assert.equal(await releases().read(activated.canary ?? assert.fail()), await readFile(path, 'utf8'));
    const files = await Promise.all([sampled, other].map((id) => sentTo(job, id)));
    await waitUntil('the worker reads the sample', async () => {
      await job.scan();
      return job.worker.log().includes(`"sample":"${releaseVersion(activated.canary ?? assert.fail())}`);
    });
    await job.settle();
    assert.deepEqual(await Promise.all([sampled, other].map((id) => sentTo(job, id))), files, 'nothing is sent for it');
    for (const id of [sampled, other]) await job.crm.update('Opportunity', id, { NextStep: 'mail' });
    await job.settle();
    assert.equal((await oneAtAce(job, sampled)).fields.nextStep, 'MAIL');
    assert.equal((await oneAtAce(job, other)).fields.nextStep, 'mail', 'all others follow the released one');
  });

  it('needs a reason, also for a sample', async () => {
    const history = await releases().history();
    for (const words of [[], ['--reason', '  '], ['--canary', '10', '--reason', '']]) {
      assert.notEqual((await aceSync('mapping', 'activate', '--yes', ...words)).code, 0);
    }
    assert.deepEqual(await releases().history(), history);
  });

  it('is taken back by one command', async () => {
    const { code, stdout } = await aceSync('mapping', 'rollback', '1', '--reason', 'bad', '--json');
    assert.deepEqual([code, (JSON.parse(stdout) as { number: number }).number], [0, 1]);
    const [last] = (await releases().history()).slice(-1);
    assert.deepEqual([last?.action, last?.number, last?.reason], ['rollback', 1, 'bad']);
  });

  it('and a second integration on the bucket do not touch each other', async () => {
    const foreign = 'theirs-opportunity-006000000000001AAA-00000000-1_11212026000000_result.json';
    await job.awsBucket.put(processedResults + foreign, Buffer.from('{"success":"ALL","inboundApiResults":[]}'));
    await job.settle();
    assert.ok((await job.names(processedResults)).includes(foreign), "the other integration's result stays");
    const row = await readRow(job, other);
    const state = JSON.parse(String(row.Sent_State__c)) as { stamp: { installation: string } };
    const theirs = { ...state, stamp: { ...state.stamp, installation: 'theirs' } };
    await job.crm.update('ACE_Sync__c', String(row.Id), { Sent_State__c: JSON.stringify(theirs) });
    const sent = await sentTo(job, other);
    await job.crm.update('Opportunity', other, { NextStep: 'not ours to send' });
    await job.settle();
    assert.deepEqual(await sentTo(job, other), sent);
    const { held } = await job.status();
    const [item] = held.filter((one) => one.crmId === other);
    assert.equal(item?.reason, 'FOREIGN_STAMP', 'and it says why nothing is sent');
    assert.equal((await readRow(job, other)).Status__c, row.Status__c, 'what they say of the record stays');
  });

  it('and a row that somebody made by hand from such a state says so itself', async () => {
    const { Sent_State__c: theirs } = await readRow(job, other);
    const crmId = await job.crm.create('Opportunity', {
      Name: 'Brought over by hand',
      StageName: 'Qualification',
      CloseDate: '2027-06-30',
    });
    const copied = String(theirs)
      .replace(/"aceId":"[^"]*"/, '"aceId":null')
      .replaceAll(other, crmId);
    const byHand = { Opportunity__c: crmId, CRM_Record_Id__c: crmId, Shared__c: true, Sent_State__c: copied };
    await job.crm.create('ACE_Sync__c', byHand);
    await job.settle();
    const row = await readRow(job, crmId);
    assert.deepEqual([row.Status__c, row.Reason_Code__c], ['Held', 'FOREIGN_STAMP']);
    assert.equal(row.Sent_State__c, copied, 'the state stays as it is');
  });
});
