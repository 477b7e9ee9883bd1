import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { gatherEvidence } from '../../../src/activities/gather-evidence.ts';
import { ensureSchedules, schedulesOf } from '../../../src/client/schedules.ts';
import { createJournal, type OutcomeLine } from '../../../src/journal/journal.ts';
import { emptyNoticeBook } from '../../../src/notices/notice-book.ts';
import { whenDone } from '../../support/shared-stack.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { savedQueries } from '../../unit/docs/saved-queries.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';
import { runCommand } from '../main-job/run-command.ts';
import { hour, type WatchedJob, watchJob } from './watched-job.ts';

const unreadable = Buffer.from('{ no JSON');
const outbound = 'opportunity-outbound/Broken_1_11212026083842.json';
const result = 'lead-inbound-processed-results/Broken_result.json';
/** What a bucket policy without the right to tag refuses. */
const noTagging = { effect: 'accessDenied' as const, contains: 'tagging' };

describe('the evidence of a look, from real parts', { timeout: 400_000 }, () => {
  let job: MainJob;
  let watched: WatchedJob;
  const gather = (later = 0, changes: Partial<WatchedJob['deps']> = {}) =>
    gatherEvidence(
      { ...watched.deps, ...changes, now: () => new Date(Date.now() + later) },
      { ...emptyNoticeBook, journalAwaySince: null },
    );
  /** A connection of the bucket that was idle can be gone: that is a fault of one look. */
  const listed = (later = 0) =>
    waitUntil('the bucket is listed', async () => {
      const { bucket } = await gather(later);
      return bucket?.kind === 'listed' ? bucket : null;
    });
  const folders = (files: readonly { folder: string; count: number }[]) =>
    files.map(({ folder, count }) => `${count} in ${folder}`);

  before(async () => {
    job = await startMainJob({ seed: 41 });
    watched = await watchJob(job);
    await job.settle();
  });

  it('has every part of a connection on which all is well', async () => {
    const { temporal, bucket, rows, connection, rhythm, secrets, sweep, journal, health } = await gather();
    assert.deepEqual(temporal, {
      waiting: [],
      failing: [],
      atWork: { uploads: 0, files: 0 },
      ended: 0,
      pausedSchedules: [],
    });
    assert.deepEqual(bucket, { kind: 'listed', waiting: 0, unsettled: [], rejected: [] });
    assert.deepEqual(rows, { unanswered: [], heldTooLong: [] });
    assert.deepEqual([connection?.hold, connection?.otherInstallation], ['none', null]);
    assert.ok(Date.now() - Date.parse(connection?.heartbeat ?? '') < 600_000, 'change detection writes its heartbeat');
    assert.equal(rhythm?.usualPause, null);
    assert.ok((secrets?.credentials.length ?? 0) > 0);
    assert.equal(sweep?.missed, 0);
    assert.deepEqual([journal.awaySince, health.fault], [null, null]);
  });

  it('names schedules that are paused', async () => {
    await ensureSchedules(job.client, job.config);
    whenDone(async () => {
      for (const handle of await schedulesOf(job.client, job.config.connection)) await handle.delete();
    });
    const paused = `${job.config.connection}/scan-results/lead`;
    await job.client.schedule.getHandle(paused).pause('maintenance');
    await waitUntil('the paused schedule', async () => (await gather()).temporal?.pausedSchedules.includes(paused));
  });

  it('can be looked up with each saved query of the runbook', async () => {
    for (const { name, query } of savedQueries)
      await assert.doesNotReject(job.client.workflow.count(query), `${name}: ${query}`);
  });

  it('takes the hold and the other installation from the row in the CRM', async () => {
    const [row] = await job.query(`SELECT Id FROM ACE_Connection__c WHERE Connection__c = '${job.config.connection}'`);
    const set = (values: Record<string, string | null>) =>
      job.crm.update('ACE_Connection__c', String(row?.Id), values as Record<string, string>);
    const found: unknown[] = [];
    for (const state of ['Hold all', 'Hold to AWS', 'Run']) {
      await set({ Requested_State__c: state, Lease__c: state === 'Run' ? 'test' : 'second' });
      const { connection } = await gather();
      found.push([connection?.hold, connection?.otherInstallation]);
    }
    assert.deepEqual(found, [
      ['all', 'second'],
      ['toAws', 'second'],
      ['none', null],
    ]);
  });

  it('says that the bucket refuses, and nothing of its files', async () => {
    await job.ace.setSwitches({ accessDenied: true });
    assert.deepEqual((await gather()).bucket, { kind: 'fault', code: 'BUCKET_ACCESS_DENIED' });
    await job.ace.setSwitches({ accessDenied: false });
    assert.equal((await gather()).bucket?.kind, 'listed');
  });

  for (const [bucket, faults] of Object.entries({ 'a bucket': [], 'a bucket that takes no tags': [noTagging] }))
    it(`finds files in ${bucket} that nobody can read, and inbox lists them`, async () => {
      await job.ace.setSwitches({ faults });
      for (const key of [outbound, result]) await job.awsBucket.put(key, unreadable);
      await job.scan();
      const { unsettled, rejected } = await waitUntil('both are given up', async () => {
        const found = await listed(2 * hour);
        return found.rejected.length === 2 ? found : null;
      });
      assert.deepEqual(unsettled, []);
      assert.deepEqual(folders(rejected), ['1 in opportunity-outbound/', '1 in lead-inbound-processed-results/']);
      const inbox = await runCommand(job.configPath, 'inbox', '--json');
      const items = JSON.parse(inbox.stdout) as readonly Readonly<Record<string, string>>[];
      assert.deepEqual(
        items.map(({ id, fixBy }) => [id, fixBy]),
        [
          [outbound, 'AWS'],
          [result, 'AWS'],
        ],
      );
      const lines = (await job.outcomes()).filter(({ outcome }) => outcome === 'rejected');
      for (const { id, code, reason, since, action } of items) {
        assert.match(`${code} ${reason} ${action}`, /^[A-Z_]+ .*JSON.* Report the file to AWS/);
        assert.equal(since, lines.findLast(({ file }) => file === id)?.at, 'since it was found, not since it was put');
      }
      await job.ace.setSwitches({ faults: [] });
      for (const key of [outbound, result])
        for (const file of (await job.bucket.list(key)).objects) await job.bucket.delete(file);
      assert.deepEqual((await listed(2 * hour)).rejected, []);
    });

  it('keeps the rhythm that it learnt from the journal when the journal no longer shows it', async () => {
    const arrivals = Array.from({ length: 12 }, (_, number) => new Date(Date.now() - number * hour).toISOString());
    const lines = arrivals.map(
      (at): OutcomeLine => ({
        id: `opportunity-outbound/x.json@etag@${at}`,
        at,
        connection: job.config.connection,
        kind: 'outboundFile',
        object: 'opportunity',
        file: 'opportunity-outbound/x.json',
        index: null,
        aceId: null,
        crmId: null,
        outcome: 'processed',
        code: 'PROCESSED',
      }),
    );
    await createJournal(job.config.journal).recordOutcomes(lines);
    const { rhythm } = await gather();
    assert.equal(typeof rhythm?.usualPause, 'number');
    const later = new Date(Date.now() + 60 * 24 * hour);
    const known = { ...emptyNoticeBook, rhythm, journalAwaySince: null };
    const learnt = (await gatherEvidence({ ...watched.deps, now: () => later }, known)).rhythm;
    assert.deepEqual(learnt, { ...rhythm, readAt: later.toISOString() });
  });

  it('asks of every file in a folder, however many S3 lists at once', async () => {
    const files = Array.from({ length: 5 }, (_, number) => `lead-outbound/Left_${number}.json`);
    for (const key of files) await job.awsBucket.put(key, Buffer.from('{}'));
    const { bucket } = watched.deps;
    const small = {
      ...bucket,
      list: (prefix: string, options = {}) => bucket.list(prefix, { ...options, maxKeys: 2 }),
    };
    const found = (await gather(2 * hour, { bucket: small })).bucket;
    assert.ok(found?.kind === 'listed');
    assert.deepEqual([found.waiting, folders(found.unsettled)], [5, ['5 in lead-outbound/']]);
  });
});
