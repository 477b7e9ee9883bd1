import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type CheckFileOptions, checkFile } from '../../../src/ace/check.ts';
import { documentedSwitches } from '../../../src/ace/switches.ts';
import { published } from './published-definitions.ts';
import { lead, mandatoryCreate, today } from './sample-records.ts';

const create = mandatoryCreate(2);

function problemsOf(file: object, options: Partial<CheckFileOptions> = {}): readonly (readonly unknown[])[] {
  const { problems } = checkFile(Buffer.from(JSON.stringify(file)), { today, ...options });
  return problems.map(({ code, record, severity }) => [code, record, severity]);
}

describe('a file for ACE', () => {
  test('with two records of one partner identifier is an error of the second (A6.7)', () => {
    const file = { version: '2', opportunities: [create, { ...create, partnerCrmUniqueIdentifier: 'b' }, create] };
    assert.deepEqual(problemsOf(file), [['ACE_DOUBLE_RECORD', 2, 'error']]);
  });

  test('with one ACE identifier twice is one as well, whatever the partner identifiers', () => {
    const update = { apnCrmUniqueIdentifier: 'O1', nextStep: 'x' };
    const file = { version: '2', opportunities: [update, { ...update, partnerCrmUniqueIdentifier: 'b' }] };
    assert.deepEqual(problemsOf(file), [['ACE_DOUBLE_RECORD', 1, 'error']]);
  });

  test('takes 50 records and not 51, and not none', () => {
    const records = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...create, partnerCrmUniqueIdentifier: `A${index}` }));
    assert.deepEqual(problemsOf({ version: '2', opportunities: records(50) }), []);
    assert.deepEqual(problemsOf({ version: '2', opportunities: records(51) }), [
      ['ACE_TOO_MANY_RECORDS', null, 'error'],
    ]);
    assert.deepEqual(problemsOf({ version: '2', opportunities: [] }), [['ACE_NO_RECORDS', null, 'error']]);
  });

  test('of a lower version than the partner’s is an error, of a higher one a warning', () => {
    const lower = { version: '1', opportunities: [mandatoryCreate(1)] };
    assert.ok(problemsOf(lower, { version: 2 }).some(([code]) => code === 'ACE_VERSION_LOWER'));
    const switches = { ...documentedSwitches, lowerVersion: 'ignored' as const };
    assert.ok(!problemsOf(lower, { version: 2, switches }).some(([code]) => code === 'ACE_VERSION_LOWER'));
    const higher = problemsOf({ version: '2', opportunities: [mandatoryCreate(1)] }, { version: 1 });
    assert.deepEqual(higher, [['ACE_VERSION_HIGHER', null, 'warning']]);
  });

  test('without a version is read as version 1', () => {
    assert.deepEqual(problemsOf({ opportunities: [mandatoryCreate(1)] }), []);
    assert.deepEqual(problemsOf({ opportunities: [mandatoryCreate(1)] }, { version: 2 })[0], [
      'ACE_VERSION_LOWER',
      null,
      'error',
    ]);
  });

  test('of the other kind is an error of the file', () => {
    const file = { version: '2', leads: [{ ...lead, leadAge: undefined }] };
    assert.deepEqual(problemsOf(file, { object: 'opportunity' }), [['ACE_OTHER_OBJECT', null, 'error']]);
    assert.deepEqual(problemsOf(file, { object: 'lead' }), []);
  });

  test('of exactly 1 MB is taken, unless the switch says less than', () => {
    const text = JSON.stringify({ version: '2', opportunities: [create] });
    const bytes = Buffer.from(text + ' '.repeat(1_048_576 - Buffer.byteLength(text)));
    assert.deepEqual(checkFile(bytes, { today }).problems, []);
    const switches = { ...documentedSwitches, sizeLimit: 'below' as const };
    assert.deepEqual(
      checkFile(bytes, { today, switches }).problems.map(({ code }) => code),
      ['ACE_FILE_TOO_LARGE'],
    );
  });

  test('a record that is no object is named once, and the others are checked', () => {
    const file = { version: '2', opportunities: [null, { ...create, state: null }] };
    assert.deepEqual(problemsOf(file), [
      ['ACE_RECORD', 0, 'error'],
      ['ACE_STATE_REQUIRED', 1, 'error'],
    ]);
  });
});

describe('a file from ACE', () => {
  const exported = { apnCrmUniqueIdentifier: 'O1234567', lastModifiedDate: '2026-11-20T10:00:00.000Z' };
  const names = published.opportunity.map(({ name }) => name).filter((name) => !(name in exported));

  test('loses no record over what AWS adds: anything but the identity is at most a warning', () => {
    const anything = fc.dictionary(fc.oneof(fc.constantFrom(...names), fc.string()), fc.jsonValue({ maxDepth: 2 }), {
      maxKeys: 20,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(anything, (record) => {
        const file = { version: '2', opportunities: [{ ...record, ...exported }] };
        for (const [, , severity] of problemsOf(file, { as: 'outbound' })) assert.equal(severity, 'warning');
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  test('may hold values of the older version, and masks, without a word', () => {
    const record = {
      ...exported,
      useCase: 'AI/Machine Learning',
      campaignName: 'P3;Migration Acceleration Program (MAP)',
      state: 'Ontario',
      country: 'Accept To View',
      customerEmail: 'Accept to view',
      awsProducts: ['Lambda'].slice(1),
      expectedMonthlyAwsRevenue: 123.0,
    };
    assert.deepEqual(problemsOf({ version: '2', opportunities: [record] }, { as: 'outbound' }), []);
  });

  test('names what it does not know: field, value, type, date', () => {
    const record = {
      ...exported,
      brandNew: 1,
      stage: 'Paused',
      city: 5,
      targetCloseDate: 'soon',
      acceptBy: '2026-11-20T10:00:00.000Z',
    };
    assert.deepEqual(problemsOf({ version: '2', opportunities: [record] }, { as: 'outbound' }), [
      ['ACE_NEW_FIELD', 0, 'warning'],
      ['ACE_NEW_VALUE', 0, 'warning'],
      ['ACE_NEW_TYPE', 0, 'warning'],
      ['ACE_NEW_DATE', 0, 'warning'],
    ]);
  });

  test('without ACE’s identifier is an error of the record', () => {
    const file = { version: '2', opportunities: [exported, { lastModifiedDate: exported.lastModifiedDate }] };
    assert.deepEqual(problemsOf(file, { as: 'outbound' }), [['ACE_ID_ABSENT', 1, 'error']]);
  });
});
