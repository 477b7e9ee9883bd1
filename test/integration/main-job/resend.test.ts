import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agreedRecord, atAce, sentFor } from './crm-records.ts';
import { startMainJob } from './main-job.ts';
import { runCommand } from './run-command.ts';

describe('upload --resend', { timeout: 300_000 }, () => {
  it('sends what AWS once kept out, only when told, only what differs, and only once', async () => {
    const job = await startMainJob({ seed: 77 });
    const { crmId } = await agreedRecord(job, 0);
    const nextStep = async () => (await atAce(job, crmId))[0]?.fields.nextStep;
    // ACE takes the update and keeps its own value: nothing is due any more, though both sides differ.
    await job.ace.setSwitches({ ignoredFields: ['nextStep'] });
    await job.crm.update('Opportunity', crmId, { NextStep: 'Show the plan' });
    await job.settle();
    await job.ace.exportNow();
    await job.settle();
    await job.ace.setSwitches({ ignoredFields: [] });
    await job.settle();
    assert.notEqual(await nextStep(), 'Show the plan');
    const before = (await sentFor(job, crmId)).length;

    const resend = (...words: readonly string[]) =>
      runCommand(job.configPath, 'upload', '--query', `Id = '${crmId}'`, '--resend', ...words);
    const dry = await resend('nextStep,industry', '--dry-run');
    assert.match(dry.stdout, /1 x nextStep: would be sent\n.*1 x industry: AWS holds already/s);
    assert.equal((await resend('nextStep')).code, 2, 'nobody could be asked');
    assert.match((await resend('awsSellerName', '--yes')).stderr, /does not send awsSellerName/);
    for (const [condition, said] of [
      ['StageName == 1', /does not take the condition\..*MALFORMED_QUERY.*Correct --query/s],
      ['Stage__x = 1', /does not take the condition\..*Stage__x.*Correct --query/s],
    ] as const) {
      const refused = await runCommand(job.configPath, 'upload', '--query', condition, '--resend', 'nextStep', '--yes');
      assert.match(refused.stderr, said);
      assert.equal(refused.code, 1);
    }
    await job.settle();
    assert.equal((await sentFor(job, crmId)).length, before, 'nothing went out so far');

    assert.equal((await resend('nextStep,industry', '--yes')).code, 0);
    await job.settle();
    assert.equal(await nextStep(), 'Show the plan');
    await job.ace.exportNow();
    await job.settle();
    assert.equal((await sentFor(job, crmId)).length, before + 1);
    const again = await resend('nextStep', '--yes', '--json');
    assert.deepEqual(JSON.parse(again.stdout).woken, [], 'AWS holds it now');
  });
});
