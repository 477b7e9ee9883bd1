import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { missedChangesText } from '../../../src/client/missed-changes.ts';
import type { ConnectionStatus } from '../../../src/client/status.ts';
import { statusText } from '../../../src/client/status-text.ts';

const calm: ConnectionStatus = {
  outboundFiles: 3,
  outboundRecords: { applied: 4, unchanged: 1, superseded: 0, ignored: 2, parked: 0 },
  filesRejected: 1,
  uploads: { accepted: 5, held: 0, waiting: 0 },
  heldConnection: null,
  working: 0,
  unexplained: 0,
  held: [],
  pausedSchedules: [],
};
const held: ConnectionStatus['held'][number] = {
  workflowId: 'main/upload/opportunity/006000000000001AAA',
  kind: 'upload',
  outcome: 'held',
  reason: 'ACE_STATE_REQUIRED',
  crmId: '006000000000001AAA',
  file: null,
  since: '2026-03-02T09:00:00.000Z',
};
const verdictOf = (status: Partial<ConnectionStatus>) =>
  statusText('main', { ...calm, ...status }, null)
    .split('\n')[0]
    ?.split(/\s+/)[1];

describe('status text', () => {
  it('begins with the verdict: the worst first', () => {
    assert.equal(verdictOf({}), 'OK');
    assert.equal(verdictOf({ held: [held] }), 'HELD');
    assert.equal(verdictOf({ heldConnection: 'The API limit is used up.' }), 'HELD');
    assert.equal(verdictOf({ held: [held], unexplained: 1 }), 'LOOK');
  });

  it('says what waits and why, by the id that retry takes', () => {
    assert.match(statusText('main', { ...calm, held: [held] }, null), /held +006000000000001AAA +ACE_STATE_REQUIRED/);
  });

  it('counts records by outcome and names paused schedules', () => {
    const text = statusText('main', { ...calm, pausedSchedules: ['main/scan-outbound/lead'] }, 'http://127.0.0.1:8233');
    assert.match(text, /Outbound records +4 applied, 1 unchanged, 0 superseded, 2 ignored, 0 parked/);
    assert.match(text, /Outbound files +3 \(1 rejected\)/);
    assert.match(text, /Paused +main\/scan-outbound\/lead/);
    assert.match(text, /Temporal Web UI +http:\/\/127\.0\.0\.1:8233/);
  });

  it('ends with a line end and has no empty section', () => {
    assert.match(statusText('main', calm, null), /waiting\n$/);
  });

  it('names the records of changes that were missed, and has no line without any', () => {
    const sweep = { at: '2026-03-03T02:00:00.000Z', mapping: '1-a', missed: [] };
    assert.equal(missedChangesText(null) + missedChangesText(sweep), '');
    const missed = [{ object: 'lead' as const, crmId: '00Q000000000001AAA' }];
    assert.match(missedChangesText({ ...sweep, missed }), /2026-03-03T02:00:00.000Z:\n {2}lead +00Q000000000001AAA\n$/);
  });
});
