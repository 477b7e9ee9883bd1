import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { deliveryStatus, deliveryStatusText } from '../../../src/notices/delivery-status.ts';
import { emptyNoticeBook } from '../../../src/notices/notice-book.ts';

describe('the status of notices', () => {
  it('is silent when every notice went out', () => {
    assert.equal(deliveryStatusText(deliveryStatus(emptyNoticeBook)), '');
  });

  it('says what did not go out, to whom, since when and with which code', () => {
    const message = {
      id: 'one',
      addressee: 'engineer' as const,
      channel: 'webhook' as const,
      subject: 'ace-sync main: 1 new, 1 open',
      text: 'A text',
      at: '2026-03-03T10:00:00.000Z',
      attempts: 3,
      failedWith: 'HTTP 404',
    };
    const heartbeat = { succeededAt: null, failedWith: 'TIMEOUT' };
    const text = deliveryStatusText(deliveryStatus({ ...emptyNoticeBook, pending: [message], givenUp: 2, heartbeat }));
    assert.match(text, /webhook to engineer since 2026-03-03T10:00Z, 3 attempts: HTTP 404/);
    assert.match(text, /2 given up\n {2}heartbeat: TIMEOUT/);
  });
});
