import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { aceFolders } from '../../../src/bucket/folders.ts';
import type { PreviewedRecord } from '../../../src/client/preview-text.ts';
import type { Readiness } from '../../../src/client/readiness.ts';
import { readXlsx } from '../../../src/client/xlsx.ts';
import { unsharedOpportunities } from '../../../src/sandbox/crm-seed-data.ts';
import { readRow } from '../main-job/crm-records.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';
import { approve, oneAtAce, sentTo, share } from './sides.ts';

const commandLine = fileURLToPath(new URL('../../../src/client/cli.ts', import.meta.url));

/** What people look at before anything is sent or written. */
describe('preview, readiness and the workbook of the mapping', { timeout: 600_000 }, () => {
  let job: MainJob;
  let folder: string;
  let crmId: string;
  let unshared: string;

  const aceSync = async (...words: string[]): Promise<string> => {
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const args = [commandLine, ...words, '--config', join(folder, 'ace-sync.yaml')];
    return (await promisify(execFile)(process.execPath, args, { env: { ...env, TEMPORAL_ADDRESS: '' } })).stdout;
  };
  const previews = async (...words: string[]) =>
    JSON.parse(await aceSync('preview', ...words, '--json')) as readonly PreviewedRecord[];

  before(async () => {
    job = await startMainJob({ seed: 24 });
    folder = dirname(job.config.journal.folder);
    ({ crmId } = await share(job));
    await job.settle();
    await approve(job, crmId);
    const [draft] = unsharedOpportunities(new Date());
    assert.ok(draft);
    const AccountId = await job.crm.create('Account', draft.account);
    unshared = await job.crm.create('Opportunity', { ...draft.opportunity, AccountId, Description: 'Too short.' });
  });

  it('preview in shows what a file would change, with labels and the rule, and writes nothing', async () => {
    const { fields } = await oneAtAce(job, crmId);
    const record = { ...fields, nextStep: 'Call them', lastModifiedDate: '2031-01-01T10:00:00Z' };
    const text = JSON.stringify({ version: '2', spmsId: job.config.ace.spmsId, opportunities: [record] });
    const file = join(folder, 'look.json');
    await writeFile(file, text);
    const row = await readRow(job, crmId);
    const [local] = await previews('in', file);
    const { key } = await job.ace.putOutboundFile({ object: 'opportunity', name: 'look.json', text });
    const [inBucket] = await previews('in', key, '--record', '0');
    for (const preview of [local, inBucket]) {
      const changes = preview?.fields.filter((field) => field.changes) ?? [];
      assert.deepEqual(
        changes.map(({ path, crmLabel, becomes }) => [path, crmLabel, becomes]),
        [['ACE_Sync__r.AWS_Next_Step__c', 'AWS › AWS Next Step', 'Call them']],
      );
      assert.ok(changes.every(({ rule }) => rule !== ''));
      assert.deepEqual([preview?.crmId, preview?.outcome], [crmId, 'apply']);
    }
    assert.deepEqual(await readRow(job, crmId), row);
    assert.equal((await job.names(aceFolders.opportunity.outbound)).length, 1, 'the file stays');
  });

  it('preview out shows what would be sent, also of a record that nobody shared', async () => {
    await job.crm.update('Opportunity', crmId, { NextStep: 'Meet' });
    const [linked, fresh] = await previews('out', crmId, unshared);
    const changes = linked?.fields.filter((field) => field.changes).map(({ aceField, becomes }) => [aceField, becomes]);
    assert.deepEqual(changes, [['nextStep', 'Meet']]);
    assert.equal(fresh?.outcome, 'hold');
    assert.ok(fresh.problems.some(({ code }) => code === 'ACE_DESCRIPTION_SHORT'));
    assert.deepEqual(await sentTo(job, unshared), []);
    assert.deepEqual(await readRow(job, unshared), {});
  });

  it('readiness groups what AWS would refuse by cause and owner, and leaves no trace', async () => {
    const csv = join(folder, 'readiness.csv');
    const readiness = JSON.parse(await aceSync('readiness', '--csv', csv, '--json')) as Readiness;
    assert.deepEqual([readiness.records, readiness.ready, readiness.withProblems], [2, 1, 1]);
    const [cause] = readiness.causes.filter(({ code }) => code === 'ACE_DESCRIPTION_SHORT');
    assert.deepEqual([cause?.records, cause?.owners.length], [1, 1]);
    assert.match(await readFile(csv, 'utf8'), new RegExp(`"${unshared}".*"ACE_DESCRIPTION_SHORT"`));
    const xlsx = join(folder, 'readiness.xlsx');
    assert.match(await aceSync('readiness', '--xlsx', xlsx), /readiness\.xlsx.*only you can read it/);
    assert.equal((await stat(xlsx)).mode & 0o777, 0o600);
    const [todo, causes] = await readXlsx(xlsx);
    const [titles, ...rows] = todo?.rows ?? [];
    const [row] = rows.filter((cells) => cells.includes('ACE_DESCRIPTION_SHORT'));
    const told = Object.fromEntries((titles ?? []).map((title, index) => [title, row?.[index]]));
    assert.deepEqual([told.Record, told.Field, told.Who], [unshared, 'projectDescription', 'Sales person']);
    assert.ok(told.Opportunity && told.Account && told.Owner && told.Link?.endsWith(`/${unshared}/view`));
    assert.equal(causes?.rows.length, readiness.causes.length + 1);
    assert.deepEqual(await readRow(job, unshared), {});
    const none = JSON.parse(await aceSync('readiness', '--query', "Name = 'nothing'", '--json')) as Readiness;
    assert.equal(none.records, 0);
  });

  it('the workbook of the mapping holds what stands in the live CRM, and comes back as a mapping', async () => {
    const xlsx = join(folder, 'meeting.xlsx');
    await job.crm.update('Opportunity', crmId, { NextStep: '=1+1' });
    assert.match(await aceSync('mapping', 'export', '--xlsx', xlsx), / opportunity fields, .*\n.*mode 0600/);
    assert.equal((await stat(xlsx)).mode & 0o777, 0o600);
    const sheets = await readXlsx(xlsx);
    const [titles = [], ...rows] = sheets.find(({ name }) => name === 'Opportunities')?.rows ?? [];
    const told = (entry: string) => {
      const cells = rows.find((row) => row[titles.indexOf('Entry')] === `opportunity: ${entry}`) ?? [];
      return Object.fromEntries(titles.map((title, index) => [title, cells[index] ?? '']));
    };
    const stage = told('stage > StageName');
    assert.deepEqual(
      [stage['CRM label'], stage['Values in use, with records'], stage['Filled in']],
      ['Stage', 'Qualification (2)', '2 of 2'],
    );
    assert.equal(told('nextStep > NextStep').Samples, '=1+1');
    assert.equal(told('useCase > ACE_Sync__r.Use_Case__c')['Filled in'], '1 of 2');
    assert.equal(told('customerCompanyName > Account.Name')['CRM label'], 'Account › Account Name');
    const mapping = join(folder, 'mapping.yaml');
    await copyFile(job.config.mapping, mapping);
    const imported = JSON.parse(await aceSync('mapping', 'import', xlsx, '--mapping', mapping, '--yes', '--json')) as {
      readonly changes: readonly unknown[];
      readonly written: boolean;
    };
    assert.deepEqual([imported.changes, imported.written], [[], false]);
    assert.ok(!job.worker.log().includes('=1+1'));
  });
});
