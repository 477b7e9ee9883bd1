import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { AceSyncError } from '../../../src/errors.ts';
import { createFolderStore } from '../../../src/journal/folder-store.ts';
import type { JournalStore } from '../../../src/journal/journal-store.ts';
import { createNoticeBookFile } from '../../../src/notices/notice-book.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { shareOpportunity } from '../main-job/crm-records.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';
import { hour, type WatchedJob, watchJob } from './watched-job.ts';

/** Stands in every record that is held here. */
const planted = 'Zebrafinch';

describe('the watch over a connection', { timeout: 300_000 }, () => {
  let job: MainJob;
  let watched: WatchedJob;
  let told: WatchedJob['told'];
  let smtp: WatchedJob['smtp'];
  let journalAway = false;
  const texts = () =>
    watched.http.requests.filter(({ path }) => path === '/hook').map(({ body }) => String(JSON.parse(body).text));
  const readBook = () => createNoticeBookFile(createFolderStore(job.config.journal.folder)).read();

  before(async () => {
    job = await startMainJob();
    watched = await watchJob(job, {}, ({ journalStore }) => ({ journalStore: whileAway(journalStore) }));
    ({ told, smtp } = watched);
  });

  function whileAway(store: JournalStore): JournalStore {
    const refuse = async () => {
      throw new AceSyncError('JOURNAL_UNAVAILABLE', 'No space is left.');
    };
    return {
      ...store,
      create: (...words) => (journalAway ? refuse() : store.create(...words)),
      replace: (...words) => (journalAway ? refuse() : store.replace(...words)),
    };
  }

  it('says nothing of a calm connection but its heartbeat', async () => {
    assert.deepEqual(await told(), []);
    assert.deepEqual(
      watched.http.requests.map(({ method, path }) => `${method} ${path}`),
      ['GET /ping'],
    );
  });

  it('mails the sales team once for several records with one reason, without a value of any', async () => {
    for (const number of [0, 1, 2])
      await shareOpportunity(job, number, { Name: `${planted} ${number}`, Description: planted });
    await job.settle();
    await waitUntil('three held uploads', async () => ((await job.status()).uploads.held === 3 ? true : null));
    await told();
    assert.equal(smtp.mails.length, 1);
    const [mail] = smtp.mails;
    assert.deepEqual(mail?.to, ['sales@example.com']);
    assert.match(mail?.text ?? '', /3 records are held/);
    await told();
    assert.equal(smtp.mails.length, 1, 'a second look has nothing new');
    const book = await readFile(join(job.config.journal.folder, 'notices.json'), 'utf8');
    assert.doesNotMatch(`${mail?.text}${book}${texts().join()}`, new RegExp(planted));
  });

  it('warns of a referral that expires, until somebody answers', async () => {
    const acceptBy = new Date(watched.now().getTime() + 60 * hour).toISOString();
    const row = {
      ACE_Id__c: 'O7654321',
      Accept_By__c: acceptBy,
      Acceptance__c: 'Pending',
      Status__c: 'Needs attention',
    };
    const rowId = await job.crm.create('ACE_Sync__c', row);
    const [warning = ''] = await told();
    assert.match(warning, new RegExp(`1 AWS referral expires on ${acceptBy.slice(0, 10)}`));
    assert.deepEqual(await told(), []);
    await job.crm.update('ACE_Sync__c', rowId, { Acceptance__c: 'Accepted', Status__c: 'Synced' });
    assert.deepEqual([await told(), await told()], [[], []]);
    const { alerts } = await readBook();
    assert.deepEqual(
      alerts.filter(({ key }) => key.startsWith('acceptBy')),
      [],
    );
  });

  it('tells of records held for days, by the reason on their rows', async () => {
    await told(4 * 24 * hour);
    assert.match(smtp.mails.at(-1)?.text ?? '', /3 records have waited for more than 3 days/);
  });

  it('tells a hold of the connection that was forgotten, and its end', async () => {
    const [row] = await job.query(`SELECT Id FROM ACE_Connection__c WHERE Connection__c = '${job.config.connection}'`);
    const hold = (state: string) => job.crm.update('ACE_Connection__c', String(row?.Id), { Requested_State__c: state });
    await hold('Hold to AWS');
    assert.deepEqual(await told(), []);
    const [forgotten = ''] = await told(25 * hour);
    assert.match(forgotten, /held for more than 1 day/);
    await hold('Run');
    assert.deepEqual(await told(), []);
    const [over = ''] = await told();
    assert.match(over, /Resolved: The connection has been held/);
  });

  it('tells of a file that nobody settled, from when AWS put it', async () => {
    await job.awsBucket.put('opportunity-outbound/Left_1_11212026083842.json', Buffer.from('{}'));
    assert.match((await told()).join(), /1 file lies in opportunity-outbound\/ that nobody settled/);
  });

  it('goes on while the journal is away, tells so once, and tells its end', async () => {
    const pings = () => watched.http.requests.filter(({ path }) => path === '/ping').length;
    const before = pings();
    const { revision } = await readBook();
    journalAway = true;
    const away = [await told(hour / 6), await told(hour / 6), await told(hour / 6)].flat();
    assert.equal(away.length, 1, away.join());
    assert.match(away[0] ?? '', /The journal cannot be read or written\. \[JOURNAL_UNAVAILABLE\]/);
    assert.equal(pings(), before + 3);
    assert.equal((await readBook()).revision, revision);
    journalAway = false;
    const back = [await told(hour), await told(hour), await told(hour)].flat();
    assert.equal(back.length, 1, back.join());
    assert.match(back[0] ?? '', /Resolved: The journal cannot be read or written/);
    assert.ok((await readBook()).revision > revision);
  });
});
