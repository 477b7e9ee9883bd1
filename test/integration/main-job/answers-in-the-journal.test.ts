import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { createJournal } from '../../../src/journal/journal.ts';
import { confirmBackfill } from '../../../src/workflows/messages.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { acceptableOpportunities, atAce, readRow, sentFor, shareOpportunity } from './crm-records.ts';
import { answer, oneOnItsWay, resultOf } from './forged-answers.ts';
import { type MainJob, startMainJob } from './main-job.ts';
import { runCommand } from './run-command.ts';
import { startBackfill } from './start-backfill.ts';

const { inbound, processedResults } = aceFolders.opportunity;

/** What went to AWS and what it answered is in the journal by name, content and record, whatever became of it. */
describe('what went to AWS', { timeout: 600_000 }, () => {
  let job: MainJob;
  let crmId: string;

  const journal = () => createJournal(job.config.journal);
  const show = async (id: string) => {
    const { stdout } = await runCommand(job.configPath, 'show', id, '--json');
    return JSON.parse(stdout) as readonly Readonly<Record<'what' | 'outcome' | 'code' | 'cause' | 'sha', string>>[];
  };
  const told = async (id: string) => (await show(id)).map(({ what, outcome, code }) => `${what}: ${outcome} ${code}`);

  before(async () => {
    job = await startMainJob({ seed: 62, switches: { inboundPaused: true, recordsPerFile: 1 } });
  });

  it('is found in the journal before AWS answers, by record and by file, byte for byte', async () => {
    ({ crmId } = await shareOpportunity(job, 0));
    await job.detect();
    const name = await oneOnItsWay(job, crmId);
    assert.deepEqual(
      (await show(crmId)).filter(({ what }) => what === 'to AWS').map(({ code, cause }) => [code, cause]),
      [['CREATE', name]],
    );
    const [file] = await show(name);
    const [put] = (await job.bucket.list(inbound + name)).objects;
    assert.ok(put && file);
    assert.deepEqual(await journal().read(file.sha), await job.bucket.get(put));
    assert.ok((await told(crmId)).includes('asked by a person: Share PERSON'));
  });

  it('and its answer is there too, with the file that brought it', async () => {
    await job.ace.setSwitches({ inboundPaused: false });
    await job.settle();
    const [{ key = '' } = {}] = await sentFor(job, crmId);
    const [answered] = (await show(key.slice(inbound.length))).filter(({ what }) => what === 'answer of AWS');
    assert.equal(answered?.outcome, 'accepted');
    const bytes = await journal().read(answered.sha);
    assert.match(String(bytes), /"inboundApiResults"/);
  });

  it('and a record that is held says so in its story, with what a person did then', async () => {
    const { crmId: held } = await shareOpportunity(job, acceptableOpportunities);
    await job.settle();
    const { Reason_Code__c: code, Status__c: status } = await readRow(job, held);
    assert.ok(code);
    assert.ok((await told(held)).includes(`ACE Sync row: ${status} ${code}`), (await told(held)).join('\n'));
    await runCommand(job.configPath, 'abandon', held, '--reason', 'Entered twice');
    await job.settle();
    assert.ok((await told(held)).includes('asked by a person: Abandon STOPPED'));
  });

  it('as a wave that AWS refuses whole is told to every record of it, and leaves a line for each', async () => {
    const pairs = await Promise.all(
      ['One', 'Two'].map(async (Name) => {
        const { aceId } = await job.ace.enterOpportunity({ fields: { partnerProjectTitle: Name } });
        const opportunity = { Name, StageName: 'Prospecting', CloseDate: '2030-01-31' };
        return { aceId, crmId: await job.crm.create('Opportunity', opportunity) };
      }),
    );
    await job.ace.exportNow();
    await job.settle();
    await job.ace.setSwitches({ inboundPaused: true });
    const handle = await startBackfill(job, pairs);
    await handle.signal(confirmBackfill, undefined);
    const name = await waitUntil('the wave is put', async () => (await job.names(inbound))[0] ?? null);
    const [file] = (await job.awsBucket.list(inbound + name)).objects;
    assert.ok(file);
    const sent = (await show(name)).filter(({ what }) => what === 'to AWS');
    assert.equal(sent.length, 2);
    assert.deepEqual(await journal().read(String(sent[0]?.sha)), await job.bucket.get(file));
    await answer(job, name, { error: 'is not of type "object"', fileName: inbound + name }, '_error');
    await job.awsBucket.delete(file);
    await job.scan();
    const result = (await handle.result()) as { accepted: number; refused: number };
    assert.deepEqual([result.accepted, result.refused], [0, 2]);
    assert.deepEqual(await job.names(processedResults), []);
    for (const pair of pairs)
      assert.ok((await told(pair.crmId)).some((event) => event.startsWith('answer of AWS: refused')));
    assert.deepEqual(await atAce(job, 'w1'), []);
    assert.equal(
      (await job.status()).held.some((item) => item.crmId === 'w1'),
      false,
    );
  });

  it('with an answer that names another ACE id, is in the story before the answer is deleted', async () => {
    const [{ key = '' } = {}] = await sentFor(job, crmId);
    const name = key.slice(inbound.length);
    const row = { isSuccess: true, partnerCrmUniqueIdentifier: crmId, apnCrmUniqueIdentifier: 'O9999999' };
    await answer(job, name, resultOf(job, name, row));
    await job.scan();
    await waitUntil('the answer is handled', async () => (await job.names(processedResults)).length === 0);
    assert.ok((await told(crmId)).includes('answer of AWS: notTaken ACE_ID_DIFFERS'));
    assert.ok((await told(crmId)).includes('answer of AWS: accepted ACCEPTED'), 'what was settled before stands');
  });
});
