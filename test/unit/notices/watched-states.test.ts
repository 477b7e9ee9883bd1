import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Evidence } from '../../../src/notices/evidence.ts';
import { judgeEvidence } from '../../../src/notices/judge-evidence.ts';
import { calm, links, minutesLater, now, watch } from './watched.ts';

const past = (minutes: number) => minutesLater(-minutes).toISOString();
const waiting = (outcome: string, code: string) => ({ kind: 'upload' as const, outcome, code, count: 1 });
const temporal = (changes: Partial<NonNullable<Evidence['temporal']>>): Partial<Evidence> => ({
  temporal: { waiting: [], failing: [], atWork: { uploads: 0, files: 0 }, ended: 0, pausedSchedules: [], ...changes },
});
const connection = (changes: Partial<NonNullable<Evidence['connection']>>): Partial<Evidence> => ({
  connection: { hold: 'none', heartbeat: null, otherInstallation: null, ...changes },
});
const secrets = (changes: Partial<NonNullable<Evidence['secrets']>>): Partial<Evidence> => ({
  secrets: { credentials: [], certificates: [], ...changes },
});
const failing = (what: 'workflowTask' | 'activity', code: string) => ({ what, code, count: 1, workflowId: 'main/x' });

/** Every state of docs/notices.md: evidence that is calm but for it, and the conditions that it must give. */
const states: Readonly<Record<string, readonly [Partial<Evidence>, ...string[]]>> = {
  'Records held, or parked in a file, for one reason': [
    temporal({ waiting: [waiting('held', 'VALUE_TOO_LONG')] }),
    'held:upload:VALUE_TOO_LONG',
  ],
  'Records held for long': [
    { rows: { unanswered: [], heldTooLong: [{ code: 'X', fixBy: null, count: 1, oldest: past(9999) }] } },
    'heldTooLong:X:unsaid',
  ],
  'Referrals that expire': [
    { rows: { unanswered: [{ rowId: 'a01', acceptBy: minutesLater(60).toISOString() }], heldTooLong: [] } },
    'acceptBy:last:2026-03-03',
  ],
  'Results overdue': [temporal({ waiting: [waiting('waiting', 'INBOUND_PRESENT')] }), 'waiting:upload:INBOUND_PRESENT'],
  'AWS silent': [
    { rhythm: { readAt: past(1), lastArrival: '2026-03-02T09:00:00.000Z', usualPause: 3_600_000 } },
    'silence',
  ],
  'Files that nobody settled': [
    {
      bucket: {
        kind: 'listed',
        waiting: 1,
        rejected: [],
        unsettled: [{ folder: 'lead-outbound/', count: 1, oldest: past(90) }],
      },
    },
    'unsettled:lead-outbound/',
  ],
  'Files that nobody can read': [
    {
      bucket: {
        kind: 'listed',
        waiting: 0,
        unsettled: [],
        rejected: [{ folder: 'opportunity-outbound/', count: 2, oldest: past(5) }],
      },
    },
    'rejected:opportunity-outbound/',
  ],
  'Bucket refuses or does not answer': [{ bucket: { kind: 'fault', code: 'BUCKET_ACCESS_DENIED' } }, 'bucket:fault'],
  'CRM breaker open: login, limit, schema, outage': [
    { health: { fault: { code: 'CRM_LOGIN_REFUSED', detail: '', until: past(0) }, apiBudget: 'free' } },
    'crm:CRM_LOGIN_REFUSED',
  ],
  'Share of API calls low, or used up': [{ health: { fault: null, apiBudget: 'held' } }, 'budget:held'],
  'Journal that cannot be reached': [{ journal: { awaySince: past(10) } }, 'journal:away'],
  'Connection held by an incident': [connection({ hold: 'incident' }), 'held:incident', 'held:forgotten'],
  'Connection held for long, by anybody': [connection({ hold: 'all' }), 'held:forgotten'],
  'Schedule paused and forgotten': [
    temporal({ pausedSchedules: ['main/scan-results/lead'] }),
    'paused:main/scan-results/lead',
  ],
  'Steps or workflow code failing in a loop': [
    temporal({ failing: [failing('workflowTask', 'workflowTask'), failing('activity', 'TEMPORAL_UNREACHABLE')] }),
    'failing:workflowTask',
    'failing:TEMPORAL_UNREACHABLE',
  ],
  'Change detection stopped': [connection({ heartbeat: past(60) }), 'detector:silent'],
  'Changes that detection missed': [
    { sweep: { at: '2026-03-03T02:00:00.000Z', missed: 2 } },
    'missed:2026-03-03T02:00:00.000Z',
  ],
  'Another installation on the connection': [connection({ otherInstallation: 'second' }), 'lease:second'],
  'Credentials that are old': [
    secrets({ credentials: [{ setting: 'a.key', mark: 'm', since: past(100 * 24 * 60) }] }),
    'credential:a.key',
  ],
  'Certificates that end': [
    secrets({ certificates: [{ setting: 'a.file', validTo: minutesLater(60).toISOString() }] }),
    'certificate:a.file',
  ],
  'Workflows failed or timed out': [temporal({ ended: 1 }), 'ended'],
};

describe('the states that the watch looks for', () => {
  it('are those of the document, each of them', () => {
    const document = readFileSync(join(import.meta.dirname, '../../../docs/notices.md'), 'utf8');
    const table = document.slice(document.indexOf('| state |'), document.indexOf('What could not be read'));
    const told = [...table.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, state]) => state ?? []);
    assert.deepEqual(
      told.filter((state) => state !== 'state' && !state.startsWith('---')),
      Object.keys(states),
    );
  });

  for (const [state, [changes, ...keys]] of Object.entries(states)) {
    it(`tell of "${state}" and nothing else, until it is over`, () => {
      const judgement = { connection: 'main', settings: watch, links, now };
      assert.deepEqual(
        judgeEvidence({ ...calm, ...changes }, judgement).map(({ key }) => key),
        keys,
      );
      assert.deepEqual(judgeEvidence(calm, judgement), []);
    });
  }
});
