import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { before, describe, it } from 'node:test';
import { pino } from 'pino';
import { watchConnection } from '../../../src/activities/watch-connection.ts';
import { noticesSchema } from '../../../src/config/notice-settings.ts';
import { createFolderStore } from '../../../src/journal/folder-store.ts';
import { createNoticeBookFile } from '../../../src/notices/notice-book.ts';
import { createDependencies } from '../../../src/worker/create-dependencies.ts';
import { whenDone } from '../../support/shared-stack.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { shareOpportunity } from '../main-job/crm-records.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';
import { type HttpReceiver, type SmtpReceiver, smtpLogin, startHttpReceiver, startSmtpReceiver } from './receivers.ts';

const hour = 60 * 60_000;
/** Stands in every record that is held here. */
const planted = 'Zebrafinch';

describe('the watch over a connection', { timeout: 300_000 }, () => {
  let job: MainJob;
  let http: HttpReceiver;
  let smtp: SmtpReceiver;
  let clock: Date;
  let look: ReturnType<typeof watchConnection>;
  const texts = () =>
    http.requests.filter(({ path }) => path === '/hook').map(({ body }) => String(JSON.parse(body).text));
  /** What is told by the look, some time later. */
  const told = async (later = hour): Promise<readonly string[]> => {
    clock = new Date(clock.getTime() + later);
    const before = texts().length;
    await look();
    return texts().slice(before);
  };

  before(async () => {
    job = await startMainJob();
    http = await startHttpReceiver();
    smtp = await startSmtpReceiver();
    const folder = dirname(job.config.journal.folder);
    const secret = async (name: string, value: string) => {
      await writeFile(join(folder, name), value);
      return { file: join(folder, name) };
    };
    // The digest would go out at a time that the clock of this machine decides; a quiet connection has none to send.
    const hourNow = new Date().getUTCHours();
    const digestAt = `${String((hourNow + 23) % 24).padStart(2, '0')}:00`;
    const notices = noticesSchema.parse({
      addressees: {
        engineer: { webhook: await secret('hook', `${http.url}/hook`) },
        salesPerson: { email: 'sales@example.com' },
      },
      smtp: {
        host: '127.0.0.1',
        port: smtp.port,
        security: 'none',
        user: await secret('smtp-user', smtpLogin.user),
        password: await secret('smtp-password', smtpLogin.password),
        from: 'ace-sync@example.com',
      },
      digestAt,
      temporalUrl: 'http://127.0.0.1:8233',
      heartbeat: { url: await secret('ping', `${http.url}/ping`) },
    });
    clock = new Date();
    // The clock of the test runs ahead of the detector's heartbeat.
    const detectorSilentAfter = 30 * 24 * 3600;
    const config = { ...job.config, notices, watch: { ...job.config.watch, workingDays: 'Sun', detectorSilentAfter } };
    if (new Date().getUTCDay() === 0) config.watch = { ...config.watch, workingDays: 'Wed' };
    const made = await createDependencies(config, job.client, pino({ level: 'silent' }));
    whenDone(async () => {
      await made.crm.close();
      made.bucket.close();
    });
    look = watchConnection({ ...made, now: () => clock });
  });

  it('says nothing of a calm connection but its heartbeat', async () => {
    assert.deepEqual(await told(), []);
    assert.deepEqual(
      http.requests.map(({ method, path }) => `${method} ${path}`),
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
    const acceptBy = new Date(clock.getTime() + 60 * hour).toISOString();
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
    const { alerts } = await createNoticeBookFile(createFolderStore(job.config.journal.folder)).read();
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
});
