import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { writeAceFile } from '../../../src/ace/envelope.ts';
import { registerMapping } from '../../../src/client/commands/mapping.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { aceOpportunity, defaultMappingText } from './world.ts';

const defaultFile = fileURLToPath(new URL('../../../mappings/salesforce-default.yaml', import.meta.url));

/** Runs the command as the command line does; its output and exit code. */
async function run(...words: string[]): Promise<{ text: string; exit: number }> {
  const written: string[] = [];
  const program = new Command().exitOverride().configureOutput({ writeOut: (text) => written.push(text) });
  registerMapping(program);
  const before = process.exitCode;
  process.exitCode = 0;
  await program.parseAsync(['node', 'ace-sync', 'mapping', ...words]);
  const exit = Number(process.exitCode);
  process.exitCode = before;
  return { text: written.join(''), exit };
}

const folder = () => temporaryFolder('mapping');

async function changedMapping(): Promise<string> {
  const path = join(await folder(), 'changed.yaml');
  const text = defaultMappingText
    .replace('Retail: Retail', 'Retail: [Retail, Shops]')
    .replace(
      'crm: ACE_Sync__r.AWS_Next_Step__c, direction: in,',
      "crm: ACE_Sync__r.AWS_Next_Step__c, direction: in, transform: { in: '$uppercase(value)' },",
    );
  await writeFile(path, text);
  return path;
}

describe('ace-sync mapping', () => {
  test('check says that a file has no problems, or names each', async () => {
    assert.match((await run('check', defaultFile)).text, /no problems, hash [0-9a-f]{16}\.\n$/);
    const broken = join(await folder(), 'broken.yaml');
    await writeFile(
      broken,
      defaultMappingText.replace('direction: out', 'direction: outwards').replace('ace: city', 'ace: town'),
    );
    const { text, exit } = await run('check', broken);
    assert.equal(exit, 1);
    assert.match(text, /opportunity\.fields\[1\]\.direction/);
    const json: unknown = JSON.parse((await run('check', broken, '--json')).text);
    assert.ok(typeof json === 'object' && json !== null && 'ok' in json && json.ok === false);
  });

  test('show says in lines what happens to each field', async () => {
    const { text } = await run('show', defaultFile);
    assert.match(text, /StageName +-> {2}stage +6 values mapped, others: hold/);
    assert.match(text, /ACE_Sync__r\.AWS_Stage__c +<- {2}stage +shows AWS's value/);
    assert.match(text, /ACE_Sync__r\.Use_Case__c +<> {2}useCase +both changed: a person decides/);
    assert.match(text, /^ {2}until the answer +stage Prospecting$/m);
    assert.match(
      text,
      /^ {2}their account +AccountId: the one of customerCompanyName, country, else the one of the same/m,
    );
  });

  test('show says what becomes of new records: duplicates, answers, owners, stand-in leads', async () => {
    const file = join(await folder(), 'all.yaml');
    await writeFile(
      file,
      defaultMappingText
        .replace(
          'partnerId: Id',
          `partnerId: Id
  duplicates: { keys: [[{ ace: customerWebsite, crm: Account.Website, compare: domain }]], onMatch: link }
  owner: { byEmail: opportunityOwnerEmail, fallback: 005000000000001AAA }
  leftOut: { customerDuns: nobody has it }`,
        )
        .replace(
          'createAs: opportunity',
          `createAs: lead
    endedLeadStatus: Closed
    lead: { LastName: { value: AWS }, Status: { value: New } }
    answer: [{ when: "industry = 'Gaming'", reject: Other }]`,
        ),
    );
    const { text } = await run('show', file);
    for (const [label, words] of [
      ['AWS referrals become', 'a lead at once, and an opportunity on acceptance'],
      ['the lead ends as', 'status Closed'],
      ['answered by rule 1', "Rejected (Other) when industry = 'Gaming'"],
      ['may be in the CRM', 'by customerWebsite as Account.Website: link'],
      ['their owner', 'the user of opportunityOwnerEmail, else 005000000000001AAA'],
      ['not mapped', 'customerDuns: nobody has it'],
    ])
      assert.ok(text.includes(`  ${label?.padEnd(23)}${words}\n`), label);
  });

  test('compare names the parts of a setting that changed', async () => {
    const other = join(await folder(), 'other.yaml');
    await writeFile(other, defaultMappingText.replace('pendingStage: Prospecting', 'pendingStage: Referred'));
    const { text } = await run('compare', defaultFile, other);
    assert.match(text, /^ {2}opportunity {2}referral: changed \(pendingStage\)$/m);
  });

  test('compare says what is different in the rules, and on real files without their values', async () => {
    const files = await folder();
    const records = [aceOpportunity({ nextStep: 'Call Jane' }), aceOpportunity({ nextStep: null })];
    await writeFile(
      join(files, 'export.json'),
      writeAceFile({ object: 'opportunity', version: 2, spmsId: '123456', records }),
    );
    await writeFile(join(files, 'noise.json'), '{');
    const { text } = await run('compare', defaultFile, await changedMapping(), '--files', files);
    assert.match(text, /opportunity {2}industry > Account\.Industry: changed \(values\)/);
    assert.match(text, /On 2 opportunities and 0 leads:/);
    assert.match(text, /ACE_Sync__r\.AWS_Next_Step__c: other values in 1 records/);
    assert.match(text, /not an ACE file: noise\.json/);
    assert.doesNotMatch(text, /Jane/i);
    assert.match((await run('compare', defaultFile, defaultFile)).text, /The rules are the same\./);
  });

  test('test runs golden files in both directions', async () => {
    const cases = await folder();
    await writeFile(
      join(cases, 'stage.yaml'),
      `object: opportunity
in:
  ace: { useCase: Networking, opportunityOwnership: AWS Referral, apnCrmUniqueIdentifier: O1, partnerProjectTitle: Move }
  gives: { ACE_Sync__r.Use_Case__c: Networking, Name: Move, StageName: Prospecting }
out:
  crm: { StageName: Needs Analysis, Account.BillingCountry: DE }
  gives: { stage: Qualified, country: Germany, IsOppFromMarketingActivity: 'No' }
`,
    );
    assert.deepEqual(await run('test', cases, defaultFile), { text: 'holds   stage.yaml\n', exit: 0 });
    await writeFile(
      join(cases, 'wrong.json'),
      JSON.stringify({ object: 'lead', out: { crm: { Status: 'New' }, gives: { status: 'Closed' } } }),
    );
    const { text, exit } = await run('test', cases, defaultFile);
    assert.equal(exit, 1);
    assert.match(text, /FAILED {2}wrong\.json\n {8}out status: expected "Closed", got "Open"/);
    assert.equal((await run('test', await folder(), defaultFile)).exit, 1, 'an empty folder proves nothing');
  });

  test('schema prints a JSON Schema', async () => {
    const schema: unknown = JSON.parse((await run('schema')).text);
    assert.ok(typeof schema === 'object' && schema !== null && '$schema' in schema);
  });
});
