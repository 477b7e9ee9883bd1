import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { countSend, isPingPong } from '../../../src/activities/ping-pong.ts';
import { emptySentState, type SentState } from '../../../src/mapping/sync-state.ts';
import { now, plusMinutes } from '../mapping/world.ts';
import { decide, sharedRecord } from './linked-world.ts';

const limits = { within: 3600, mostAutomatic: 6, mostInAll: 20 };
const empty = emptySentState(sharedRecord().stamp);

/** Files that went out one after the other, each a minute after the one before; `edited` names those that follow an edit. */
function sends(count: number, edited: (send: number) => boolean = () => false): SentState {
  let sent = empty;
  for (let send = 0; send < count; send += 1) {
    const at = plusMinutes(now, send);
    const editedAt = edited(send) ? plusMinutes(at, -0.5) : null;
    sent = { ...sent, ...countSend({ sent, editedAt }, at, new Date(at), limits) };
  }
  return sent;
}

const heldAt = (sent: SentState, minute: number, editedAt: string | null = null): boolean =>
  isPingPong({ sent, editedAt }, new Date(plusMinutes(now, minute)), limits);

describe('a ping-pong', () => {
  it('is a file too many after the first, without anybody who edits between', () => {
    assert.equal(heldAt(sends(6), 6), false);
    assert.equal(heldAt(sends(7), 7), true);
  });

  it('is none once somebody edits, nor after the hour', () => {
    assert.equal(heldAt(sends(7), 8, plusMinutes(now, 7)), false);
    assert.equal(heldAt(sends(7), 8, plusMinutes(now, 5)), true, 'an edit that went out already counts for nothing');
    assert.equal(heldAt(sends(7), 66), false);
  });

  it('begins anew with each edit', () => {
    assert.equal(
      heldAt(
        sends(12, (send) => send % 4 === 0),
        12,
      ),
      false,
    );
  });

  it('is also what looks like a person and never ends, as another integration does', () => {
    assert.equal(
      heldAt(
        sends(19, () => true),
        20,
        plusMinutes(now, 19),
      ),
      false,
    );
    assert.equal(
      heldAt(
        sends(20, () => true),
        20,
        plusMinutes(now, 19),
      ),
      true,
    );
  });

  it('holds the record until a person says Retry', async () => {
    const world = sharedRecord();
    world.sent = sends(7);
    const time = plusMinutes(now, 8);
    const decision = await decide(world, { time });
    assert.deepEqual(decision.kind === 'hold' && [decision.mark.code, decision.mark.status], ['PING_PONG', 'Held']);
    assert.equal((await decide(world, { time, retry: true })).kind, 'send');
    assert.equal((await decide(world, { time, state: { editedAt: plusMinutes(now, 7) } })).kind, 'send');
  });
});
