import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AceRecord } from '../../../src/ace/ace-record.ts';
import { aceErrors, blocksUpload, checkRecord } from '../../../src/ace/check.ts';
import { documentedSwitches } from '../../../src/ace/switches.ts';
import { acceptanceCases } from './acceptance-cases.ts';
import { mandatoryCreate, today } from './sample-records.ts';
import { verdictOf } from './verdict.ts';

describe('the verdict on a record', () => {
  for (const each of acceptanceCases) {
    test(`${each.id}: ${each.says}`, () => {
      const { refused, warned, problems } = verdictOf(checkRecord, each);
      assert.deepEqual({ refused, warned }, { refused: each.refused, warned: each.warned });
      if (each.codes !== undefined) {
        assert.deepEqual(
          problems.map(({ code }) => code),
          each.codes,
        );
      }
    });
  }
});

describe("ACE's words", () => {
  for (const each of acceptanceCases.filter(({ texts }) => texts !== undefined)) {
    test(`${each.id}: ${each.says}`, () => {
      const switches = { ...documentedSwitches, ...each.switches };
      const { problems } = verdictOf(checkRecord, each);
      assert.deepEqual(aceErrors(problems, { ...each, switches }), each.texts);
    });
  }
});

describe('what a sync remembers of a record', () => {
  const remembered = { status: 'Approved', opportunityOwnership: 'Partner Referral', stage: 'Committed' };
  const launch = (stored: AceRecord, storedIs: 'whole' | 'partial') =>
    checkRecord({
      object: 'opportunity',
      version: 2,
      programme: 'consulting',
      intent: 'update',
      record: { apnCrmUniqueIdentifier: 'O1', stage: 'Launched' },
      stored,
      storedIs,
      today,
    }).map(({ field }) => field);

  test('says nothing of the fields that it lacks', () => {
    assert.deepEqual(launch(remembered, 'partial'), []);
    assert.ok(launch(remembered, 'whole').includes('awsAccountId'));
  });

  test('says that a field is empty where it holds null', () => {
    assert.deepEqual(launch({ ...remembered, awsAccountId: null, useCase: null }, 'partial'), [
      'useCase',
      'awsAccountId',
    ]);
  });

  test('still closes what its state closes', () => {
    assert.deepEqual(launch({ ...remembered, status: 'In review' }, 'partial'), [undefined]);
  });
});

test('a product code that our list lacks is named and does not hold the record back', () => {
  const record = { ...mandatoryCreate(2), awsProducts: ['BrandNewService'] };
  const problems = checkRecord({
    object: 'opportunity',
    version: 2,
    programme: 'consulting',
    intent: 'create',
    record,
    today,
  });
  assert.deepEqual(
    problems.map((problem) => [problem.code, problem.severity, blocksUpload(problem)]),
    [['ACE_UNLISTED_CODE', 'error', false]],
  );
});

test('a problem never repeats a value of the record', () => {
  const secret = 'Zx9 Qv7 secret';
  for (const each of acceptanceCases) {
    const record = Object.fromEntries(Object.keys(each.record).map((field) => [field, secret]));
    for (const problem of verdictOf(checkRecord, { ...each, record }).problems) {
      assert.ok(!JSON.stringify(problem).includes(secret), problem.code);
    }
  }
});
