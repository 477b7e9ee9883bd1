import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aceErrors, checkRecord, requiredErrorText } from '../../../src/ace/check.ts';
import { documentedSwitches } from '../../../src/ace/switches.ts';
import { mandatoryCreate, today } from './sample-records.ts';

const problemsOf = (record: Readonly<Record<string, unknown>>) =>
  checkRecord({ object: 'opportunity', version: 1, programme: 'consulting', intent: 'create', record, today });

test('missing fields come in the order and with the labels of ACE, each once', () => {
  assert.equal(
    requiredErrorText(['partnerPrimaryNeedFromAws', 'state', 'country', 'targetCloseDate', 'useCase', 'country']),
    'Required: Use Case;Target Launch Date;Country;Partner Primary Need from AWS;State',
  );
});

test('the older style has a line per field', () => {
  const record = { ...mandatoryCreate(1), useCase: null, deliveryModel: null, partnerProjectTitle: null };
  const switches = { ...documentedSwitches, requiredText: 'perField' as const };
  assert.deepEqual(aceErrors(problemsOf(record), { record, switches }).toSorted(), [
    'Delivery Model is required.',
    'Missing Required Field: Partner Project Title',
    'Validation Error: Value is required. Use Case',
  ]);
});

test('warnings have no text of ACE', () => {
  const record = { ...mandatoryCreate(1), stage: 'Qualified', favourite: 1 };
  assert.equal(problemsOf(record).length, 2);
  assert.deepEqual(aceErrors(problemsOf(record), { record }), []);
});

test('a rule whose text is unknown answers with a neutral one that names the field', () => {
  const record = { ...mandatoryCreate(1), customerEmail: 'nobody' };
  assert.deepEqual(aceErrors(problemsOf(record), { record }), ['Invalid Data: Customer Email']);
});

test('a value with a pattern of replacement in it stands as it is', () => {
  const record = { ...mandatoryCreate(1), subUseCase: '$& <value>' };
  const [text] = aceErrors(
    problemsOf(record).filter(({ code }) => code === 'ACE_SUB_USE_CASE'),
    { record },
  );
  assert.equal(text, 'Bad value for restricted picklist field: $& <value>');
});
