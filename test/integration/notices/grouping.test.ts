import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { type NoticeSettings, noticesSchema } from '../../../src/config/notice-settings.ts';
import { deliverPending } from '../../../src/notices/deliver.ts';
import type { Evidence } from '../../../src/notices/evidence.ts';
import { judgeEvidence, readableParts } from '../../../src/notices/judge-evidence.ts';
import { emptyNoticeBook, type NoticeBook } from '../../../src/notices/notice-book.ts';
import { planNotices } from '../../../src/notices/plan-notices.ts';
import { whenDone } from '../../support/shared-stack.ts';
import { calm, links, minutesLater, watch } from '../../unit/notices/watched.ts';
import { type HttpReceiver, type SmtpReceiver, smtpLogin, startHttpReceiver, startSmtpReceiver } from './receivers.ts';

/** Records held for a reason that sales people can fix. */
const held = (count: number) => ({
  waiting: [{ kind: 'upload' as const, outcome: 'held', code: 'VALUE_TOO_LONG', count }],
});

describe('what people get', () => {
  let http: HttpReceiver;
  let smtp: SmtpReceiver;
  let notices: NoticeSettings;
  let book: NoticeBook;

  before(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ace-sync-grouping-'));
    whenDone(() => rm(folder, { recursive: true, force: true }));
    const secret = async (name: string, value: string) => {
      await writeFile(join(folder, name), value);
      return { file: join(folder, name) };
    };
    http = await startHttpReceiver();
    smtp = await startSmtpReceiver();
    notices = noticesSchema.parse({
      addressees: {
        engineer: { webhook: await secret('hook', `${http.url}/hook`) },
        salesPerson: { email: 'sales@example.com' },
      },
      smtp: {
        host: '127.0.0.1',
        port: smtp.port,
        security: 'none',
        user: await secret('user', smtpLogin.user),
        password: await secret('password', smtpLogin.password),
        from: 'ace-sync@example.com',
      },
      digestAt: '18:00',
    });
    book = emptyNoticeBook;
  });

  /** One look so many minutes after Tuesday, 10:00 UTC. */
  async function look(minutes: number, found: Partial<NonNullable<Evidence['temporal']>>): Promise<void> {
    const now = minutesLater(minutes);
    const temporal = {
      waiting: [],
      failing: [],
      atWork: { uploads: 0, files: 0 },
      ended: 0,
      pausedSchedules: [],
      ...found,
    };
    const connection = { hold: 'none', heartbeat: now.toISOString(), otherInstallation: null } as const;
    const evidence: Evidence = { ...calm, temporal, connection, rhythm: null };
    const conditions = judgeEvidence(evidence, { connection: 'main', settings: watch, links, now });
    const planned = planNotices(book, conditions, readableParts(evidence), { connection: 'main', notices, watch, now });
    book = await deliverPending(planned, notices, now);
    assert.deepEqual(book.pending, []);
  }

  it('is one mail for a hundred records with one cause, and none for the looks that find them again', async () => {
    await look(0, held(100));
    for (const minutes of [10, 20, 30]) await look(minutes, held(100 + minutes));
    assert.equal(smtp.mails.length, 1);
    assert.match(smtp.mails[0]?.text ?? '', /100 records are held/);
  });

  it('is a digest of everything that waits, once a day', async () => {
    await look(8 * 60, held(140));
    await look(8 * 60 + 10, held(141));
    assert.equal(smtp.mails.length, 2);
    assert.match(smtp.mails[1]?.text ?? '', /^Subject: ace-sync main: morning digest, 1 open\r$/m);
    assert.match(smtp.mails[1]?.text ?? '', /140 records are held/);
    assert.deepEqual(http.requests, [], 'who has nothing to do gets none');
  });

  it('is at most so many messages an hour, and the last one says what was held back', async () => {
    const limit = notices.messagesPerHour;
    const wednesday = 24 * 60;
    const failing = Array.from({ length: limit + 2 }, (_, n) => ({
      what: 'activity' as const,
      // Codes without table go to the engineer.
      code: `UNKNOWN_${n}`,
      count: 1,
      workflowId: `main/${n}`,
    }));
    for (const [n] of failing.entries()) await look(wednesday + n, { failing: failing.slice(0, n + 1) });
    assert.equal(http.requests.length, limit);
    await look(wednesday + 61, { failing });
    assert.equal(http.requests.length, limit + 1);
    for (const { code } of failing.slice(limit)) assert.ok(http.requests.at(-1)?.body.includes(`[${code}]`), code);
  });
});
