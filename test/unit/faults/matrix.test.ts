import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { crashesAtSteps, stepsOf } from '../../../bench/faults/matrix/steps.ts';
import { switchValues } from '../../../bench/faults/matrix/switch-values.ts';
import { unfriendlyShape } from '../../../src/sandbox/ace/switches.ts';

describe('the matrix of unfriendly switches and killed steps', () => {
  it('has every unfriendly switch, every step of both workflows, and a kill before and after each', () => {
    const named = new Set(switchValues().map(({ name }) => name));
    const onlyHowMuch = Object.keys(unfriendlyShape).filter((name) => !named.has(name as keyof typeof unfriendlyShape));
    assert.deepEqual(onlyHowMuch, ['resultDelayMinutes']);
    for (const step of ['planUpload', 'putFile', 'settleUpload', 'stopUpload', 'upsertRecords', 'settleFile'])
      assert.ok(stepsOf().includes(step), step);
    assert.equal(crashesAtSteps().length, 2 * stepsOf().length);
  });
});
