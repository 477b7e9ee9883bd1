import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { createDriftLedger } from '../../../src/journal/drift-ledger.ts';
import { createJournalStore } from '../../../src/journal/journal-store.ts';
import { fileAnswers } from '../../../src/sandbox/ace/answers.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { agreedRecord, readRecord, readRow, sentFor, shareOpportunity } from './crm-records.ts';
import { answer, resultOf } from './forged-answers.ts';
import { type MainJob, startMainJob } from './main-job.ts';

const { inbound, processedResults } = aceFolders.opportunity;

/** ACE answers in the test's own words: the file on its way is taken away unread. */
async function answerInstead(job: MainJob, crmId: string, row: Readonly<Record<string, unknown>>): Promise<string> {
  const name = await waitUntil('a file is on its way', async () =>
    (await job.names(inbound)).find((one) => one.includes(crmId)),
  );
  const [file] = (await job.awsBucket.list(inbound + name)).objects;
  assert.ok(file);
  await job.awsBucket.delete(file);
  await answer(job, name, resultOf(job, name, row));
  return name;
}

const answerAsDuplicate = (job: MainJob, name: string) =>
  answer(job, name, { error: fileAnswers.nameUsed(), fileName: inbound + name }, '_error');

const refusal = (...errors: readonly string[]) => ({ isSuccess: false, errors });
const acceptance = (crmId: string, aceId: string) => ({
  isSuccess: true,
  partnerCrmUniqueIdentifier: crmId,
  apnCrmUniqueIdentifier: aceId,
});

describe('an answer of ACE', { timeout: 600_000 }, () => {
  let job: MainJob;
  before(async () => {
    job = await startMainJob({ seed: 45 });
  });

  const said = async (crmId: string) => {
    const { Status__c, Reason_Code__c, Fix_By__c, Sending__c } = await readRow(job, crmId);
    return { status: Status__c, code: Reason_Code__c, fixBy: Fix_By__c, sending: Sending__c };
  };
  const linesOf = async (name: string) =>
    (await job.outcomes()).flatMap(({ kind, file, outcome, code }) =>
      kind === 'upload' && file === name ? [`${outcome} ${code}`] : [],
    );
  const changeRevenue = (rowId: string, value: number) =>
    job.crm.update('ACE_Sync__c', rowId, { Monthly_AWS_Revenue__c: value });
  async function answered(crmId: string, change: () => Promise<unknown>, row: Readonly<Record<string, unknown>>) {
    await job.ace.setSwitches({ inboundPaused: true });
    await change();
    await job.detect();
    const name = await answerInstead(job, crmId, row);
    // With the connection held, everything else stays under way.
    await job.scan();
    await waitUntil('the answer is taken in', async () => (await job.names(processedResults)).length === 0);
    await job.ace.setSwitches({ inboundPaused: false });
    return name;
  }
  const connectionRow = async () =>
    (
      await job.query(`SELECT Id, Held__c FROM ACE_Connection__c WHERE Connection__c = '${job.config.connection}'`)
    )[0] ?? {};
  /** As the one who looked at both records does. */
  async function release() {
    const { Id, Held__c } = await connectionRow();
    assert.equal(Held__c, true, 'the connection was held');
    await job.crm.update('ACE_Connection__c', String(Id), { Requested_State__c: 'Run' });
    await waitUntil('the connection goes on', async () => {
      await job.detect();
      return (await connectionRow()).Held__c === false;
    });
    await job.settle();
  }

  it('that refused a change is over once the change is taken back', async () => {
    const { crmId, rowId } = await agreedRecord(job, 0);
    const { Monthly_AWS_Revenue__c: agreed } = await readRow(job, crmId);
    const sent = (await sentFor(job, crmId)).length;
    await answered(crmId, () => changeRevenue(rowId, 4444), refusal('Target close date should be a future date'));
    const { status, code } = await said(crmId);
    assert.deepEqual([status, code], ['Needs attention', 'ACE_CLOSE_DATE_PAST']);

    await changeRevenue(rowId, Number(agreed));
    await job.settle();
    assert.deepEqual(await said(crmId), { status: 'Synced', code: null, fixBy: null, sending: null });
    assert.equal((await readRow(job, crmId)).Details__c, null);
    assert.deepEqual((await job.status()).held, []);
    assert.equal((await sentFor(job, crmId)).length, sent);
  });

  it('that a name was used before takes no reason from the row, and nothing from the journal', async () => {
    const { crmId, rowId } = await shareOpportunity(job, 1);
    const name = await answered(crmId, async () => {}, refusal('Required: Customer Website'));
    const refused = await said(crmId);
    assert.deepEqual([refused.code, refused.fixBy], ['ACE_REQUIRED', 'Sales person']);
    await answerAsDuplicate(job, name);
    await job.settle();
    assert.deepEqual(await said(crmId), refused);
    assert.deepEqual(await linesOf(name), ['refused ACE_REQUIRED', 'notTaken ACE_DUPLICATE_NAME']);

    const isHeld = async () => (await job.status()).held.some((one) => one.crmId === crmId);
    assert.ok(await isHeld());
    await job.crm.update('ACE_Sync__c', rowId, { Action__c: 'Stop' });
    await job.settle();
    assert.deepEqual([(await said(crmId)).status, await isHeld()], ['Stopped', false], 'Stop ends it at once');

    const taken = await agreedRecord(job, 2);
    const [first = ''] = (await sentFor(job, taken.crmId)).map(({ key }) => key.slice(inbound.length));
    await answerAsDuplicate(job, first);
    await job.settle();
    assert.equal((await said(taken.crmId)).status, 'Synced');
    assert.deepEqual(await linesOf(first), ['accepted ACCEPTED', 'notTaken ACE_DUPLICATE_NAME']);
  });

  it('that the contract does not know is for a person, and noted once as drift without its words', async () => {
    const { crmId, rowId } = await agreedRecord(job, 3);
    const text = (who: string) => `The flux of ${who} is out of phase`;
    await answered(crmId, () => changeRevenue(rowId, 5555), refusal(text('planted.person@example.com')));
    assert.deepEqual((await said(crmId)).code, 'ACE_UNKNOWN_MESSAGE');
    await answered(crmId, () => changeRevenue(rowId, 5556), refusal(text('somebody.else@example.com')));
    const drift = (await createDriftLedger(createJournalStore(job.config.journal)).ace()).filter(
      ({ field }) => field === 'processed result',
    );
    assert.equal(drift.length, 1);
    assert.match(String(drift[0]?.value), /^text [0-9a-f]{8}$/);
    assert.equal(job.worker.log().includes('planted.person'), false);
  });

  it('with the ACE id of another record links nothing, holds the connection, and sends nothing but by a person', async () => {
    const other = await agreedRecord(job, 4);
    const { crmId, rowId } = await shareOpportunity(job, 5);
    const name = await answered(crmId, async () => {}, acceptance(crmId, other.aceId));
    const { code, fixBy, sending } = await said(crmId);
    assert.deepEqual([code, fixBy, sending], ['ACE_ID_TAKEN', 'Integration engineer', null]);
    assert.equal((await readRecord(job, crmId)).ACE_Id__c, null);
    assert.deepEqual(await linesOf(name), ['notTaken ACE_ID_TAKEN']);
    await changeRevenue(rowId, 6666);
    await release();
    assert.deepEqual([(await said(crmId)).code, await sentFor(job, crmId)], ['ACE_ID_TAKEN', []], 'edited or not');
    assert.equal((await readRow(job, other.crmId)).ACE_Id__c, other.aceId);
    await job.crm.update('ACE_Sync__c', rowId, { Action__c: 'Retry' });
    await job.settle();
    assert.match(String((await readRecord(job, crmId)).ACE_Id__c), /^O\d+$/);
  });

  it('with another ACE id than the one that we hold does the same', async () => {
    const { crmId, rowId, aceId } = await agreedRecord(job, 6);
    const name = await answered(crmId, () => changeRevenue(rowId, 7777), acceptance(crmId, 'O9999999'));
    assert.equal((await said(crmId)).code, 'ACE_ID_DIFFERS');
    assert.deepEqual(await linesOf(name), ['notTaken ACE_ID_DIFFERS']);
    assert.equal((await readRecord(job, crmId)).ACE_Id__c, aceId);

    await release();
    assert.equal((await said(crmId)).code, 'ACE_ID_DIFFERS');
    await job.crm.update('ACE_Sync__c', rowId, { Action__c: 'Retry' });
    await job.settle();
    assert.equal((await said(crmId)).status, 'Synced');
    assert.equal((await job.ace.record({ id: aceId })).fields.expectedMonthlyAwsRevenue, 7777);
  });
});
