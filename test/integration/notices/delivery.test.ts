import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { type NoticeSettings, noticesSchema } from '../../../src/config/notice-settings.ts';
import { createFolderStore } from '../../../src/journal/folder-store.ts';
import { beat, deliverPending } from '../../../src/notices/deliver.ts';
import {
  createNoticeBookFile,
  emptyNoticeBook,
  type NoticeBook,
  type PendingMessage,
} from '../../../src/notices/notice-book.ts';
import { whenDone } from '../../support/shared-stack.ts';
import { minutesLater, now } from '../../unit/notices/watched.ts';
import { type HttpReceiver, type SmtpReceiver, smtpLogin, startHttpReceiver, startSmtpReceiver } from './receivers.ts';

describe('the delivery of notices', () => {
  let folder: string;
  let http: HttpReceiver;
  let smtp: SmtpReceiver;
  let notices: NoticeSettings;

  const secret = async (name: string, value: string) => {
    await writeFile(join(folder, name), `${value}\n`);
    return { file: join(folder, name) };
  };
  const settings = async (changes: { port?: number; security?: 'none' | 'startTls'; password?: string } = {}) =>
    noticesSchema.parse({
      addressees: {
        engineer: {
          webhook: await secret('webhook', `${http.url}/hooks/opensesame`),
          email: 'one@example.com, two@example.com',
        },
      },
      smtp: {
        host: '127.0.0.1',
        port: changes.port ?? smtp.port,
        security: changes.security ?? 'none',
        user: await secret('user', smtpLogin.user),
        password: await secret('password', changes.password ?? smtpLogin.password),
        from: 'ace-sync@example.com',
      },
      heartbeat: { url: await secret('heartbeat', `${http.url}/ping/opensesame`), method: 'POST' },
    });
  const message = (channel: PendingMessage['channel'], at: Date = now): PendingMessage => ({
    id: 'c5a2f1de-0000-4000-8000-000000000001',
    addressee: 'engineer',
    channel,
    subject: 'ace-sync main: 1 new, 1 open',
    text: 'ace-sync main: 1 new, 1 open\n\n3 records are held: "Use Case" & <more>',
    at: at.toISOString(),
    attempts: 0,
    failedWith: null,
  });
  const bookOf = (...pending: PendingMessage[]): NoticeBook => ({ ...emptyNoticeBook, pending });
  const failures = ({ pending }: NoticeBook) => pending.map(({ failedWith }) => failedWith);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ace-sync-notices-'));
    whenDone(() => rm(folder, { recursive: true, force: true }));
    http = await startHttpReceiver();
    smtp = await startSmtpReceiver();
    notices = await settings();
  });

  it('posts the text to a webhook in the form that Slack takes', async () => {
    const { pending } = await deliverPending(bookOf(message('webhook')), notices, now);
    assert.deepEqual(pending, []);
    const [request] = http.requests;
    assert.deepEqual([request?.method, request?.path], ['POST', '/hooks/opensesame']);
    assert.deepEqual(JSON.parse(request?.body ?? ''), {
      text: 'ace-sync main: 1 new, 1 open\n\n3 records are held: "Use Case" &amp; &lt;more&gt;',
    });
  });

  it('mails it to every address, under an id by which a second copy is known', async () => {
    const { pending } = await deliverPending(bookOf(message('email')), notices, now);
    assert.deepEqual(pending, []);
    const [mail] = smtp.mails;
    assert.deepEqual(mail?.to, ['one@example.com', 'two@example.com']);
    assert.match(mail?.text ?? '', /^Subject: ace-sync main: 1 new, 1 open\r$/m);
    assert.match(mail?.text ?? '', /^Message-ID: <c5a2f1de-0000-4000-8000-000000000001@ace-sync>\r$/m);
  });

  it('keeps what was not taken, tries it at the next look, and does not hold up the other channel', async () => {
    http.answer = 503;
    const mails = smtp.mails.length;
    const once = await deliverPending(bookOf(message('webhook'), message('email')), notices, now);
    assert.deepEqual(failures(once), ['HTTP 503']);
    assert.equal(smtp.mails.length, mails + 1);
    const twice = await deliverPending(once, notices, minutesLater(10));
    assert.equal(twice.pending[0]?.attempts, 2);
    http.answer = 200;
    assert.deepEqual((await deliverPending(twice, notices, minutesLater(20))).pending, []);
  });

  it('gives up after days, and counts it', async () => {
    http.answer = 404;
    const old = await deliverPending(bookOf(message('webhook')), notices, minutesLater(4 * 24 * 60));
    http.answer = 200;
    assert.deepEqual([old.pending, old.givenUp], [[], 1]);
  });

  it('does not follow a redirect with the text', async () => {
    http.answer = 302;
    const before = http.requests.length;
    const redirected = await deliverPending(bookOf(message('webhook')), notices, now);
    http.answer = 200;
    assert.equal(redirected.pending.length, 1);
    assert.equal(http.requests.length, before + 1);
  });

  it('says of a failure its code, and never an address, a secret or the text of a server', async () => {
    smtp.refuseWith = 554;
    const refused = await deliverPending(bookOf(message('email')), notices, now);
    smtp.refuseWith = null;
    const wrong = await deliverPending(bookOf(message('email')), await settings({ password: 'opensesame' }), now);
    const closed = await deliverPending(bookOf(message('email')), await settings({ port: 1 }), now);
    await settings();
    assert.deepEqual([refused, wrong].flatMap(failures), ['SMTP 554', 'SMTP 535']);
    assert.match(failures(closed)[0] ?? '', /^E[A-Z]+$/);
    for (const book of [refused, wrong, closed]) assert.doesNotMatch(JSON.stringify(book), /opensesame|example\.com/);
  });

  it('sends neither mail nor password to a server that cannot encrypt, or whose certificate nobody knows', async () => {
    const plain = await deliverPending(bookOf(message('email')), await settings({ security: 'startTls' }), now);
    const selfSigned = await startSmtpReceiver({ encrypted: true });
    const unknown = await deliverPending(
      bookOf(message('email')),
      await settings({ security: 'startTls', port: selfSigned.port }),
      now,
    );
    assert.deepEqual([plain.pending.length, unknown.pending.length], [1, 1]);
    assert.deepEqual(selfSigned.mails, []);
  });

  it('names a secret that is missing', async () => {
    const { webhook: _, ...email } = notices.addressees.engineer;
    const without = {
      ...notices,
      addressees: { ...notices.addressees, engineer: { ...email, webhook: { env: 'ACE_SYNC_NO_SUCH_VARIABLE' } } },
    };
    assert.deepEqual(failures(await deliverPending(bookOf(message('webhook')), without, now)), ['SECRET_MISSING']);
  });

  it('drops what waits for a channel that is configured no more', async () => {
    const nobody = noticesSchema.parse({});
    assert.deepEqual((await deliverPending(bookOf(message('webhook')), nobody, now)).pending, []);
  });

  it('beats outward, and remembers the last beat when one fails', async () => {
    const first = await beat(emptyNoticeBook, notices, now);
    assert.deepEqual(first.heartbeat, { succeededAt: now.toISOString(), failedWith: null });
    assert.deepEqual([http.requests.at(-1)?.method, http.requests.at(-1)?.path], ['POST', '/ping/opensesame']);
    http.answer = 500;
    const second = await beat(first, notices, minutesLater(10));
    http.answer = 200;
    assert.deepEqual(second.heartbeat, { succeededAt: now.toISOString(), failedWith: 'HTTP 500' });
  });

  it('is noted in a file that is replaced whole, and not by a look that was overtaken', async () => {
    const file = createNoticeBookFile(createFolderStore(folder));
    assert.deepEqual(await file.read(), emptyNoticeBook);
    const written = await file.write(bookOf(message('email')));
    assert.deepEqual(await file.read(), written);
    assert.equal(await file.write(emptyNoticeBook), null, 'written from what was read before');
    await writeFile(join(folder, 'notices.json'), (await readFile(join(folder, 'notices.json'), 'utf8')).slice(0, 20));
    assert.deepEqual(await file.read(), emptyNoticeBook);
  });
});
