import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lastWritten } from '../../../src/client/commands/explain.ts';
import type { Change } from '../../../src/journal/journal.ts';

const change = (id: string, answer: Change['answer'], field = 'NextStep') => ({ id, answer, field }) as Change;
const told = (changes: readonly Change[], field: string) => {
  const { last, earlier, failed } = lastWritten(changes, field);
  return [last?.id, earlier.map(({ id }) => id), failed.map(({ id }) => id)];
};

describe('who wrote a field', () => {
  test('is whoever the CRM listened to last, or has not answered yet', () => {
    const refused = [change('a', 'refused'), change('b', 'written'), change('c', 'older')];
    assert.deepEqual(told(refused, 'NextStep'), ['b', [], ['a', 'c']]);
    assert.deepEqual(told([...refused, change('d', null)], 'NextStep'), ['d', ['b'], ['a', 'c']]);
    assert.deepEqual(told([change('a', 'refused')], 'NextStep'), [undefined, [], ['a']]);
  });

  test('is found for a field of the ACE Sync row by its name alone, unless the record has one of that name', () => {
    const ofRow = change('row', 'written', 'ACE_Sync__r.Use_Case__c');
    assert.deepEqual(told([ofRow], 'Use_Case__c'), ['row', [], []]);
    assert.deepEqual(told([ofRow], 'ACE_Sync__r.Use_Case__c'), ['row', [], []]);
    assert.deepEqual(told([ofRow, change('own', 'written', 'Use_Case__c')], 'Use_Case__c'), ['own', [], []]);
  });
});
