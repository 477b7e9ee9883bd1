import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { before, describe, it } from 'node:test';
import type { PreviewedRecord } from '../../../src/client/preview-text.ts';
import { newOpportunity } from '../crm/prepared-org.ts';
import { readRecord } from '../main-job/crm-records.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';
import { runCommand } from '../main-job/run-command.ts';

/** What an AWS record that is not in the CRM would become, as a person sees it before it arrives. */
describe('a preview of a new AWS record', { timeout: 600_000 }, () => {
  let job: MainJob;

  const previewOf = async (fields: Readonly<Record<string, unknown>>) => {
    const { aceId } = await job.ace.referOpportunity({ fields: {} });
    const known = (await job.ace.records()).find((record) => record.aceId === aceId)?.fields;
    const record = { ...known, country: 'Accept To View', lastModifiedDate: '2031-01-01T10:00:00Z', ...fields };
    const file = join(dirname(job.configPath), 'new.json');
    const { spmsId } = job.config.ace;
    await writeFile(file, JSON.stringify({ version: '2', spmsId, opportunities: [record] }));
    const { stdout } = await runCommand(job.configPath, 'preview', 'in', file, '--json');
    const [preview] = JSON.parse(stdout) as readonly PreviewedRecord[];
    assert.ok(preview);
    const { stdout: text } = await runCommand(job.configPath, 'preview', 'in', file);
    return { ...preview, text, writes: new Map(preview.alsoWrites.map(({ path, becomes }) => [path, becomes])) };
  };
  const everything = async () =>
    Promise.all(['Opportunity', 'Account', 'ACE_Sync__c'].map((object) => job.query(`SELECT Id FROM ${object}`)));

  before(async () => {
    const rules = `partnerId: Id
  duplicates: { keys: [[{ ace: partnerProjectTitle, crm: Name }]], onMatch: mergeAce }`;
    job = await startMainJob({
      seed: 61,
      mapping: (shipped) =>
        shipped
          .replace('partnerId: Id', rules)
          .replace(
            'createAs: opportunity',
            `createAs: opportunity\n    answer: [{ when: "industry = 'Gaming'", reject: Other }]`,
          ),
    });
  });

  it('shows the stage and dates that it starts with, and what a rule would answer', async () => {
    const { outcome, writes, also, text } = await previewOf({ industry: 'Gaming' });
    assert.deepEqual([outcome, writes.get('StageName')], ['create', 'Prospecting']);
    assert.match(String(writes.get('CloseDate')), /^\d{4}-\d\d-\d\d$/);
    assert.deepEqual(also, ['AWS gets our answer, for good: Rejected by rule 1: Other']);
    assert.match(text, /^ {2}Stage {3}\(new record\)\n {6}becomes {2}Prospecting$/m);
    assert.doesNotMatch(text, /stays:.*Stage, /);
  });

  it('shows the account that it would get: a new one, or the one that is there', async () => {
    const customer = { partnerAcceptanceStatus: 'Accepted', country: 'Germany', state: null };
    const made = await previewOf({ ...customer, customerCompanyName: 'Not Yet Here' });
    assert.equal(made.writes.get('AccountId'), '(the new Account)');
    assert.match(String(made.also), /^A new Account is made: Not Yet Here, /);
    const accountId = await job.crm.create('Account', { Name: 'Here Already' });
    const linked = await previewOf({ ...customer, customerCompanyName: 'here already' });
    assert.deepEqual([linked.writes.get('AccountId'), linked.also], [accountId, []]);
  });

  it('shows the record that it would be linked with, or asked about, and writes nothing', async () => {
    const ours = await job.crm.create('Opportunity', newOpportunity({ Name: 'Known here', NextStep: 'Call' }));
    const before = await everything();
    const linked = await previewOf({ partnerProjectTitle: 'KNOWN HERE' });
    assert.deepEqual([linked.outcome, linked.crmId], ['apply', ours]);
    assert.deepEqual(linked.also, [`It is linked with ${ours}, which the CRM holds already.`]);
    const [name] = linked.fields.filter(({ path }) => path === 'Name');
    assert.deepEqual([name?.now, name?.becomes, name?.changes], ['Known here', 'KNOWN HERE', true], 'AWS leads');
    assert.deepEqual(await everything(), before);
    assert.equal((await readRecord(job, ours)).Name, 'Known here');
    await job.crm.create('Opportunity', newOpportunity({ Name: 'Known here' }));
    const asked = await previewOf({ partnerProjectTitle: 'Known here' });
    assert.deepEqual([asked.outcome, asked.code, asked.also.length], ['parked', 'DUPLICATE_FOUND', 2]);
    assert.match(String(asked.also), new RegExp(`It may be Known here \\(${ours}\\): same `));
  });
});
