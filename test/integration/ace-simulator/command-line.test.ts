import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { Command } from 'commander';
import { addSandboxAceCommands } from '../../../src/client/commands/sandbox-ace.ts';
import { mandatory } from './sample-records.ts';
import { simulateAce } from './simulated-ace.ts';

test('the command line steers a running simulator', async () => {
  const { ace, options, sendOne } = await simulateAce(1, {}, { controlPort: 0 });
  const run = async (...args: string[]): Promise<string> => {
    let printed = '';
    const sandbox = new Command('sandbox').exitOverride().configureOutput({
      writeOut: (text) => {
        printed += text;
      },
      writeErr: () => {},
    });
    addSandboxAceCommands(sandbox);
    await sandbox.parseAsync([...args, '--control', String(ace.controlUrl)], { from: 'user' });
    return printed;
  };
  const json = async (...args: string[]) => JSON.parse(await run(...args, '--json'));

  const referred = await json(
    'refer',
    'opportunity',
    '-f',
    'awsAccountId=111122223333',
    '-f',
    'expectedMonthlyAwsRevenue=900',
  );
  assert.equal(referred.fields.awsAccountId, '111122223333');
  assert.equal(referred.fields.expectedMonthlyAwsRevenue, 900);
  const lead = await json('refer', 'lead');
  assert.match(await run('list'), new RegExp(`${referred.aceId}.*\\n?.*${lead.aceId}`));
  assert.equal((await json('list', '--object', 'lead')).length, 1);

  await sendOne('opportunity', mandatory(1, '006CLI'));
  assert.equal((await json('start-review', '006CLI')).status, 'In review');
  assert.equal((await json('ask-for-action', '006CLI', '--comments', 'More, please.')).status, 'Action Required');
  assert.equal((await json('reject', '006CLI')).status, 'Rejected');
  assert.equal((await json('approve', '006CLI')).status, 'Approved');
  assert.equal((await json('edit', '006CLI', '-f', 'nextStep=Call', '-f', 'city=null')).fields.nextStep, 'Call');
  assert.equal((await json('show', '006CLI')).fields.city, null);

  const entered = await json('enter');
  const list = path.join(options.folder, 'identifiers.csv');
  await writeFile(list, `apnCrmUniqueIdentifier,partnerCrmUniqueIdentifier\n${entered.aceId},006LOADED\n`);
  assert.deepEqual((await json('load-identifiers', list)).loaded, [entered.aceId]);

  assert.equal((await json('switch', 'resultDelivery', 'lost')).resultDelivery, 'lost');
  assert.equal((await json('switch', '--reset')).resultDelivery, 'normal');
  assert.equal((await json('step', '--hours', '1')).now, '2026-03-02T13:00:00.000Z');
  assert.equal((await json('state')).pendingExports, 0);
  assert.deepEqual(await json('export'), []);
  assert.deepEqual(await json('process-inbound'), []);
  await assert.rejects(run('show', 'O1'), /No record has the identifier O1/);
  await assert.rejects(run('edit', '006CLI', '-f', 'nextstep=x'), /no field nextstep/);
  await assert.rejects(run('switch', 'resultDelivery', 'sideways'), /resultDelivery/);
});
