import assert from 'node:assert/strict';
import { test } from 'node:test';
import { historyText } from '../../support/history-text.ts';

/** As Temporal's API messages are: bytes in a Buffer, and a `toJSON` that hides them in base64. */
class Message {
  readonly input = { payloads: [{ data: Buffer.from('{"note":"Jane \\"JD\\" Doe"}') }] };
  readonly eventId = 1n;
  toJSON() {
    return { input: this.input.payloads[0]?.data.toString('base64') };
  }
}

test('the search of histories reads what stands in payloads', () => {
  assert.ok(historyText([new Message()]).includes('Jane "JD" Doe'));
});
