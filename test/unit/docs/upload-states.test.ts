import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uploadPhases, uploadWaitKinds } from '../../../src/workflows/messages.ts';
import { refuseAbandon, refuseSendNow } from '../../../src/workflows/upload-refusals.ts';
import { documentedStates, stateName } from '../../workflow/upload-state-table.ts';

const waitless = uploadPhases
  .filter((phase) => phase !== 'held' && phase !== 'waiting')
  .map((phase) => stateName(phase, null));
const waits = uploadWaitKinds.map((kind) => stateName(kind === 'person' ? 'held' : 'waiting', kind));

test('upload-states.md lists every phase and kind of wait that the code has, and no other', () => {
  assert.deepEqual(documentedStates.map(({ name }) => name).toSorted(), [...waitless, ...waits].toSorted());
});

test('upload-states.md says of every state what moves it on, and of every message what it does there', () => {
  for (const { name, movesOn, messages } of documentedStates) {
    assert.notEqual(movesOn, '', `${name} has no exit`);
    for (const [message, effect] of Object.entries(messages)) {
      assert.match(effect, /^(wakes|noted|kept|refused): \S/, `${message} in ${name}`);
    }
  }
});

test('upload-states.md says "refused" exactly where the validators refuse', () => {
  for (const { name, phase, waitsFor, messages } of documentedStates) {
    const state = { phase, waitsFor, reason: null, fixBy: null, code: null, since: null, name: null };
    const refuses = (check: () => void): boolean => {
      try {
        check();
        return false;
      } catch {
        return true;
      }
    };
    assert.equal(
      messages.sendNow?.startsWith('refused'),
      refuses(() => refuseSendNow(state)),
      `sendNow in ${name}`,
    );
    const abandons = refuses(() => refuseAbandon(state, 'A duplicate of another record'));
    assert.equal(messages.abandon?.startsWith('refused'), abandons, `abandon in ${name}`);
  }
});

test('abandon is refused without a reason, with a long one, with an address, and on a row of another installation', () => {
  const held = {
    phase: 'held',
    waitsFor: 'person',
    reason: null,
    fixBy: null,
    code: null,
    since: null,
    name: null,
  } as const;
  for (const reason of ['', '   ', undefined, 7, 'x'.repeat(201), 'ask jane.doe@example.com']) {
    assert.throws(() => refuseAbandon(held, reason));
  }
  assert.throws(() => refuseAbandon({ ...held, code: 'FOREIGN_STAMP' }, 'A duplicate'), /another installation/);
});
