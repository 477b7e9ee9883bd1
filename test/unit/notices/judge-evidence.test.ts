import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalogue } from '../../../src/errors.ts';
import { reasons } from '../../../src/mapping/reasons.ts';
import { duration } from '../../../src/notices/duration.ts';
import type { Evidence } from '../../../src/notices/evidence.ts';
import { explainCode } from '../../../src/notices/explain-code.ts';
import { judgeEvidence, readableParts } from '../../../src/notices/judge-evidence.ts';
import { calm, links, minutesLater, now, watch } from './watched.ts';

const judge = (changes: Partial<Evidence>) =>
  judgeEvidence({ ...calm, ...changes }, { connection: 'main', settings: watch, links, now });
const temporal = (changes: Partial<NonNullable<Evidence['temporal']>>) =>
  judge({
    temporal: { waiting: [], failing: [], atWork: { uploads: 0, files: 0 }, ended: 0, pausedSchedules: [], ...changes },
  });
const row = { hold: 'none', heartbeat: null, otherInstallation: null } as const;
const keysOf = (found: ReturnType<typeof judge>) => found.map(({ key }) => key);

describe('the state of a connection', () => {
  it('is nothing to tell when all is well', () => {
    assert.deepEqual(judge({}), []);
  });

  it('has one cause for a hundred records held for one reason, for who can fix it', () => {
    const [held, ...others] = temporal({
      waiting: [{ kind: 'upload', outcome: 'held', code: 'VALUE_TOO_LONG', count: 100 }],
    });
    assert.deepEqual(others, []);
    assert.equal(held?.fixBy, 'salesPerson');
    assert.equal(held?.count, 100);
    assert.match(held?.sentence ?? '', /^100 records are held: .* \[VALUE_TOO_LONG\]$/);
    assert.equal(
      held?.link,
      'https://example.my.salesforce.com/lightning/o/ACE_Sync__c/list?filterName=ACE_All_To_Fix',
    );
  });

  it('says nothing of reviews and other waits that take their time, but of overdue results', () => {
    const waiting = (code: string) => ({ kind: 'upload' as const, outcome: 'waiting', code, count: 2 });
    const [late, ...others] = temporal({ waiting: [waiting('ACE_IN_REVIEW'), waiting('INBOUND_PRESENT')] });
    assert.deepEqual(others, []);
    assert.equal(late?.after, watch.resultOverdueAfter * 1000);
    assert.equal(late?.fixBy, 'aws');
  });

  it('tells loops, bad ends and forgotten pauses', () => {
    const found = temporal({
      failing: [
        { what: 'workflowTask', code: 'workflowTask', count: 1, workflowId: 'main/detector' },
        { what: 'activity', code: 'STATE_UNREADABLE', count: 212, workflowId: 'main/upload/opportunity/006' },
      ],
      ended: 2,
      pausedSchedules: ['main/scan-outbound/lead'],
    });
    assert.deepEqual(keysOf(found), [
      'failing:workflowTask',
      'failing:STATE_UNREADABLE',
      'ended',
      'paused:main/scan-outbound/lead',
    ]);
    assert.equal(found[0]?.link, 'http://127.0.0.1:8233/namespaces/default/workflows/main%2Fdetector');
    assert.match(found[1]?.sentence ?? '', /^212 workflows try the same step again and again/);
    assert.equal(found[3]?.after, 24 * 60 * 60_000);
  });

  it('tells files that nobody settled from when AWS put them, and a bucket that refuses', () => {
    const oldest = minutesLater(-90).toISOString();
    const [file] = judge({
      bucket: { kind: 'listed', waiting: 1, rejected: [], unsettled: [{ folder: 'lead-outbound/', count: 3, oldest }] },
    });
    assert.deepEqual([file?.since, file?.after, file?.count], [oldest, 60 * 60_000, 3]);
    const [fault] = judge({ bucket: { kind: 'fault', code: 'BUCKET_ACCESS_DENIED' } });
    assert.deepEqual([fault?.urgent, fault?.fixBy], [true, 'engineer']);
  });

  it('warns of the deadlines of a day twice, the second time urgently', () => {
    const row = (hours: number) => ({ rowId: `a0${hours}`, acceptBy: minutesLater(hours * 60).toISOString() });
    const found = judge({ rows: { unanswered: [row(60), row(61), row(20), row(-1), row(100)], heldTooLong: [] } });
    assert.deepEqual(
      found.map(({ key, count, urgent, fixBy }) => [key, count, urgent, fixBy]),
      [
        ['acceptBy:first:2026-03-05', 2, false, 'allianceManager'],
        ['acceptBy:last:2026-03-04', 1, true, 'allianceManager'],
      ],
    );
    assert.match(found[1]?.sentence ?? '', /^1 AWS referral expires on 2026-03-04 unless you answer/);
  });

  it('takes who can fix what is held for long from the row, where a reason has no table', () => {
    const group = { code: 'SOMETHING_NEW', fixBy: 'Salesforce administrator', count: 2, oldest: now.toISOString() };
    const [held] = judge({ rows: { unanswered: [], heldTooLong: [group] } });
    assert.equal(held?.fixBy, 'salesforceAdministrator');
  });

  it('tells each of those who can fix what is held for long for one reason', () => {
    const group = (fixBy: string) => ({ code: 'SOMETHING_NEW', fixBy, count: 1, oldest: now.toISOString() });
    const found = judge({
      rows: { unanswered: [], heldTooLong: [group('Salesforce administrator'), group('Sales person')] },
    });
    assert.deepEqual(
      found.map(({ fixBy }) => fixBy),
      ['salesforceAdministrator', 'salesPerson'],
    );
    assert.equal(new Set(keysOf(found)).size, 2, 'under one key the second would pass for told');
  });

  it('tells an incident at once, and any hold after a day', () => {
    const incident = judge({ connection: { ...row, hold: 'incident' } });
    assert.deepEqual(
      incident.map(({ key, after }) => [key, after]),
      [
        ['held:incident', 0],
        ['held:forgotten', 24 * 60 * 60_000],
      ],
    );
    assert.deepEqual(keysOf(judge({ connection: { ...row, hold: 'all' } })), ['held:forgotten']);
  });

  it('tells when change detection stopped, unless the CRM cannot be asked', () => {
    const heartbeat = minutesLater(-46).toISOString();
    const [silent, ...others] = judge({ connection: { ...row, heartbeat } });
    assert.deepEqual([silent?.key, silent?.urgent, silent?.since, others], ['detector:silent', true, heartbeat, []]);
    assert.deepEqual(judge({ connection: { ...row, heartbeat: minutesLater(-44).toISOString() } }), []);
    const health = { fault: null, apiBudget: 'held' } as const;
    assert.deepEqual(keysOf(judge({ connection: { ...row, heartbeat }, health })), ['budget:held']);
  });

  it('tells another installation that runs the same connection, once it is no hand-over', () => {
    const [other] = judge({ connection: { ...row, otherInstallation: 'second' } });
    assert.deepEqual([other?.key, other?.urgent, other?.after], ['lease:second', true, 5 * 60_000]);
  });

  it('tells credentials in use for more than 90 days, from when they were', () => {
    const credential = (setting: string, days: number) => ({
      setting,
      mark: 'a mark',
      since: minutesLater(-days * 24 * 60).toISOString(),
    });
    const credentials = [
      credential('ace.bucket.credentials.secretAccessKey', 91),
      credential('salesforce.auth.clientSecret', 89),
    ];
    const [old, ...others] = judge({ secrets: { credentials, certificates: [] } });
    assert.deepEqual([others, old?.fixBy], [[], 'engineer']);
    assert.match(
      old?.sentence ?? '',
      /^The credential ace\.bucket\.credentials\.secretAccessKey has been in use for 91 days/,
    );
    assert.doesNotMatch(JSON.stringify(old), /a mark/);
  });

  it('warns of the end of a certificate a month before, and urgently once it ended', () => {
    const certificates = [29, 31, -1].map((days) => ({
      setting: `certificate ${days}`,
      validTo: minutesLater(days * 24 * 60).toISOString(),
    }));
    assert.deepEqual(
      judge({ secrets: { credentials: [], certificates } }).map(({ key, urgent }) => [key, urgent]),
      [
        ['certificate:certificate 29', false],
        ['certificate:certificate -1', true],
      ],
    );
  });

  it('tells a fault of the CRM once, not also as its budget', () => {
    const fault = { code: 'CRM_LIMIT_REACHED' as const, detail: '', until: now.toISOString() };
    assert.deepEqual(keysOf(judge({ health: { fault, apiBudget: 'held' } })), ['crm:CRM_LIMIT_REACHED']);
    assert.deepEqual(keysOf(judge({ health: { fault: null, apiBudget: 'slow' } })), ['budget:slow']);
  });

  describe('in an incident', () => {
    const loop = (code: string) => ({ what: 'activity' as const, code, count: 3, workflowId: 'main/x' });
    const looping = (...codes: string[]) => ({
      waiting: [],
      failing: codes.map(loop),
      atWork: { uploads: 2, files: 1 },
      ended: 0,
      pausedSchedules: [],
    });
    const fault = { code: 'CRM_LOGIN_REFUSED' as const, detail: '', until: now.toISOString() };
    const late = { folder: 'lead-outbound/', count: 12, oldest: minutesLater(-90).toISOString() };
    const bucket = { kind: 'listed', waiting: 12, unsettled: [late], rejected: [] } as const;

    it('is one state what bucket, CRM or journal say and what fails because of it, with what waits', () => {
      const [login, ...others] = judge({
        health: { fault, apiBudget: 'free' },
        temporal: looping('CRM_LOGIN_REFUSED'),
        bucket,
        rhythm: { readAt: now.toISOString(), lastArrival: '2026-03-02T09:00:00.000Z', usualPause: 3_600_000 },
      });
      assert.deepEqual([login?.key, login?.covered], ['crm:CRM_LOGIN_REFUSED', false]);
      assert.match(login?.fix ?? '', /^12 files and 2 records wait; nothing is lost/);
      assert.deepEqual(
        others.map(({ key, covered }) => [key, covered]),
        [
          ['unsettled:lead-outbound/', true],
          ['silence', true],
        ],
      );
      const refused = { kind: 'fault', code: 'BUCKET_ACCESS_DENIED' } as const;
      const found = judge({ bucket: refused, temporal: looping('BUCKET_ACCESS_DENIED', 'SECRET_MISSING') });
      assert.deepEqual(keysOf(found), ['bucket:fault', 'failing:SECRET_MISSING']);
      assert.match(found[0]?.fix ?? '', /^1 file and 2 records wait/);
      const awaySince = minutesLater(-10).toISOString();
      const away = judge({ journal: { awaySince }, temporal: looping('JOURNAL_UNAVAILABLE') });
      assert.deepEqual(keysOf(away), ['journal:away']);
    });

    it('is told that only workflows meet, such as a bucket that lists and does not give its files', () => {
      const [refused, ...others] = temporal(looping('BUCKET_ACCESS_DENIED'));
      assert.deepEqual([refused?.key, refused?.after, others], ['bucket:fault', 5 * 60_000, []]);
      assert.equal(refused?.link, 'http://127.0.0.1:8233/namespaces/default/workflows/main%2Fx');
    });

    it('is told as the budget what the share of calls keeps waiting', () => {
      const used = { health: { fault: null, apiBudget: 'held' }, temporal: looping('CRM_LIMIT_REACHED') } as const;
      assert.deepEqual(keysOf(judge(used)), ['budget:held']);
    });

    it('is told nothing of steps that wait for a person or a mode', () => {
      assert.deepEqual(temporal(looping('CONNECTION_HELD', 'MODE_SENDS_NOTHING')), []);
      const held = judge({ connection: { ...row, hold: 'all' }, temporal: looping('CONNECTION_HELD'), bucket });
      assert.deepEqual(
        held.map(({ key, covered }) => [key, covered]),
        [
          ['held:forgotten', false],
          ['unsettled:lead-outbound/', true],
        ],
      );
      const onlyOut = judge({ connection: { ...row, hold: 'toAws' }, bucket });
      assert.deepEqual(
        onlyOut.map(({ covered }) => covered),
        [false, false],
        'files still come in',
      );
    });

    it('is told of another ACE id as the hold, and not also as the record', () => {
      const waiting = [{ kind: 'upload' as const, outcome: 'held', code: 'ACE_ID_DIFFERS', count: 1 }];
      const found = judge({
        connection: { ...row, hold: 'incident' },
        temporal: { ...looping(), waiting },
      });
      assert.deepEqual(
        found.map(({ key, covered }) => [key, covered]),
        [
          ['held:incident', false],
          ['held:forgotten', false],
          ['held:upload:ACE_ID_DIFFERS', true],
        ],
      );
    });
  });

  it('tells silence with the pause that would be usual', () => {
    const lastArrival = '2026-03-02T09:00:00.000Z';
    const [silent] = judge({ rhythm: { readAt: lastArrival, lastArrival, usualPause: 2 * 60 * 60_000 } });
    assert.match(silent?.sentence ?? '', /no file since 2026-03-02T09:00Z; the usual pause is at most 2 hours/);
  });

  it('tells nothing of what could not be read, and says which parts could', () => {
    const unknown: Evidence = {
      ...calm,
      temporal: null,
      bucket: null,
      rows: null,
      connection: null,
      rhythm: null,
      secrets: null,
      sweep: null,
    };
    assert.deepEqual(judge(unknown), []);
    assert.deepEqual([...readableParts({ ...unknown, rows: calm.rows })], ['rows', 'journal']);
  });
});

describe('the explanation of a code', () => {
  it('exists for every reason and every error of the catalogue', () => {
    for (const code of [...Object.keys(catalogue), ...Object.keys(reasons)])
      assert.doesNotMatch(explainCode(code).sentence, /^The reason is/);
  });

  it('leaves places for field names and limits out', () => {
    for (const code of ['ACE_STANDARD_VALUE', 'ACE_DESCRIPTION_SHORT', 'CRM_VALIDATION_RULE']) {
      const { sentence, fix } = explainCode(code);
      assert.doesNotMatch(`${sentence} ${fix}`, /<\w+>|\{\w+\}|^The reason is/, code);
    }
  });

  it('of a code without table is the code, for the engineer', () => {
    const { sentence, fixBy } = explainCode('NEVER_SEEN');
    assert.deepEqual([sentence, fixBy], ['The reason is NEVER_SEEN.', 'engineer']);
  });
});

describe('a duration', () => {
  for (const [seconds, text] of [
    [30, '1 minute'],
    [600, '10 minutes'],
    [3600, '1 hour'],
    [86_400, '1 day'],
    [259_200, '3 days'],
  ] as const)
    it(`of ${seconds} seconds is ${text}`, () => assert.equal(duration(seconds), text));
});
