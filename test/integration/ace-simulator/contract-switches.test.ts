import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aceFolders } from '../../../src/bucket/folders.ts';
import type { SwitchChanges } from '../../../src/sandbox/ace/switches.ts';
import { approvedReferral, mandatory } from './sample-records.ts';
import { simulateAce } from './simulated-ace.ts';

test('matchBy partnerIdentifier: another partner identifier beside a known O… id makes a second opportunity', async () => {
  for (const matchBy of ['eitherIdentifier', 'partnerIdentifier'] as const) {
    const simulated = await simulateAce(1, { matchBy });
    const { apnCrmUniqueIdentifier } = await approvedReferral(simulated, 1);
    const record = { ...mandatory(1, `006OTHER-${matchBy}`), apnCrmUniqueIdentifier };
    assert.equal((await simulated.sendOne('opportunity', record)).isSuccess, true);
    assert.equal((await simulated.ace.records()).length, matchBy === 'partnerIdentifier' ? 2 : 1);
  }
});

test('aceIdWhenNotEditable filled: the refusal names the opportunity', async () => {
  const { sendOne } = await simulateAce(1, { aceIdWhenNotEditable: 'filled' });
  const { apnCrmUniqueIdentifier } = await sendOne('opportunity', mandatory(1, '006S1'));
  const again = await sendOne('opportunity', mandatory(1, '006S1'));
  assert.equal(again.apnCrmUniqueIdentifier, apnCrmUniqueIdentifier);
});

test('changeAfterLaunched refused: a late change is an error', async () => {
  const simulated = await simulateAce(1, { changeAfterLaunched: 'refused' });
  const ids = await approvedReferral(simulated, 1);
  await simulated.sendOne('opportunity', { ...ids, stage: 'Launched', awsAccountId: '111122223333' });
  assert.deepEqual((await simulated.sendOne('opportunity', { ...ids, nextStep: 'Late' })).errors, [
    'Changes are not allowed when an opportunity stage is "Closed Lost" or "Launched."',
  ]);
});

test('a change after Closed Lost is refused, or ignored by switch', async () => {
  for (const changeAfterClosedLost of ['refused', 'ignored'] as const) {
    const simulated = await simulateAce(1, { changeAfterClosedLost });
    const ids = await approvedReferral(simulated, 1);
    await simulated.sendOne('opportunity', { ...ids, stage: 'Closed Lost', closedLostReason: 'Price' });
    const late = await simulated.sendOne('opportunity', { ...ids, nextStep: 'Late' });
    assert.equal(late.isSuccess, changeAfterClosedLost === 'ignored');
    const { fields } = await simulated.ace.record({ id: ids.apnCrmUniqueIdentifier });
    assert.equal(fields.nextStep ?? null, null);
  }
});

test('mixedSuccess and resultWarnings: the forms of a result', async () => {
  const { send } = await simulateAce(1, { mixedSuccess: 'NONE', resultWarnings: 'absent', spmsIdForm: 'number' });
  const result = await send('opportunity', [mandatory(1, '006S2'), { partnerCrmUniqueIdentifier: '006S3' }]);
  assert.equal(result.success, 'NONE');
  assert.ok(result.inboundApiResults.every((record) => !('warnings' in record)));
  assert.equal(typeof (result as { spmsId?: unknown }).spmsId, 'number');
});

test('requiredText perField: one line for each missing field', async () => {
  const { sendOne } = await simulateAce(1, { requiredText: 'perField' });
  const { errors } = await sendOne('opportunity', { partnerCrmUniqueIdentifier: '006S4' });
  assert.ok(errors?.includes('Validation Error: Value is required. Use Case'));
  assert.ok(Number(errors?.length) > 10);
});

test('lowerVersion ignored: an old version is read as the current one', async () => {
  const { send } = await simulateAce(2, { lowerVersion: 'ignored' });
  assert.equal((await send('opportunity', [mandatory(2, '006S5')], '1')).success, 'ALL');
});

test('masks follow the switches', async () => {
  const { ace, outbound } = await simulateAce(1, {
    maskText: 'Accept to view',
    customerTitleBeforeAcceptance: 'visible',
  });
  await ace.referOpportunity({ fields: { customerTitle: 'CTO' } });
  const [exported] = await outbound('opportunity');
  assert.deepEqual([exported?.customerTitle, exported?.customerEmail], ['CTO', 'Accept to view']);
});

test('awsCloseDateForm dateTime: the date of an ended opportunity has a time', async () => {
  const { ace, outbound } = await simulateAce(1, { awsCloseDateForm: 'dateTime' });
  await ace.referOpportunity({
    fields: {
      partnerAcceptanceStatus: 'Accepted',
      stage: 'Launched',
      aWSStage: 'Launched',
      aWSCloseDate: '2026-02-01',
    },
  });
  const [exported] = await outbound('opportunity');
  assert.equal(exported?.aWSCloseDate, '2026-02-01T00:00:00.000Z');
});

test('switches can be changed while it runs, wrong ones are refused, and reset brings the start back', async () => {
  const { ace, names } = await simulateAce(1, { recordsPerFile: 2 });
  assert.equal((await ace.setSwitches({ recordsPerFile: 5, maskText: 'Accept to View' })).recordsPerFile, 5);
  await assert.rejects(ace.setSwitches({ recordsPerFile: 0 }), RangeError);
  await assert.rejects(ace.setSwitches({ noSuchSwitch: true } as SwitchChanges), RangeError);
  const reset = await ace.resetSwitches();
  assert.deepEqual([reset.recordsPerFile, reset.maskText], [2, 'Accept To View']);
  assert.deepEqual(await names(aceFolders.opportunity.outbound), []);
});
