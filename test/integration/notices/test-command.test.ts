import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { parse, stringify } from 'yaml';
import { whenDone } from '../../support/shared-stack.ts';
import { runCommand } from '../main-job/run-command.ts';
import { type HttpReceiver, type SmtpReceiver, smtpLogin, startHttpReceiver, startSmtpReceiver } from './receivers.ts';

const example = join(import.meta.dirname, '../../../examples/ace-sync.yaml');

describe('ace-sync notices test', { timeout: 120_000 }, () => {
  let folder: string;
  let http: HttpReceiver;
  let smtp: SmtpReceiver;

  /** A configuration file whose addresses and passwords hold the word that no output may show. */
  const configured = async (notices: object): Promise<string> => {
    const path = join(folder, 'ace-sync.yaml');
    const sound = parse(await readFile(example, 'utf8')) as object;
    await writeFile(path, stringify({ ...sound, notices }));
    return path;
  };
  const secret = async (name: string, value: string) => {
    await writeFile(join(folder, name), value);
    return { file: join(folder, name) };
  };
  const settings = async (password = smtpLogin.password) => ({
    addressees: {
      engineer: { webhook: await secret('hook', `${http.url}/hooks/opensesame`) },
      allianceManager: { email: 'opensesame@example.com' },
    },
    smtp: {
      host: '127.0.0.1',
      port: smtp.port,
      security: 'none',
      user: await secret('user', smtpLogin.user),
      password: await secret('password', password),
      from: 'ace-sync@example.com',
    },
    heartbeat: { url: await secret('ping', `${http.url}/ping/opensesame`) },
  });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ace-sync-notices-test-'));
    whenDone(() => rm(folder, { recursive: true, force: true }));
    http = await startHttpReceiver();
    smtp = await startSmtpReceiver();
  });

  it('sends one notice to each channel, beats once, and says that each took it', async () => {
    const path = await configured(await settings());
    const { code, stdout } = await runCommand(path, 'notices', 'test', '--json');
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(stdout), [
      { addressee: 'allianceManager', channel: 'email', failedWith: null },
      { addressee: 'engineer', channel: 'webhook', failedWith: null },
      { addressee: 'heartbeat', channel: 'url', failedWith: null },
    ]);
    assert.deepEqual(
      http.requests.map(({ path: asked }) => asked),
      ['/hooks/opensesame', '/ping/opensesame'],
    );
    assert.match(http.requests[0]?.body ?? '', /This is a test/);
    assert.equal(smtp.mails.length, 1);
  });

  it('says by code what each answered, shows no address and no secret, and exits with 1', async () => {
    const path = await configured(await settings('opensesame'));
    http.answer = 404;
    const { code, stdout, stderr } = await runCommand(path, 'notices', 'test');
    http.answer = 200;
    assert.equal(code, 1);
    assert.match(stdout, /^engineer +webhook +not taken: HTTP 404$/m);
    assert.match(stdout, /^allianceManager +email +not taken: SMTP 535$/m);
    assert.match(stdout, /^heartbeat +url +not taken: HTTP 404$/m);
    assert.doesNotMatch(stdout + stderr, /opensesame|example\.com|127\.0\.0\.1/);
  });

  it('says that nobody would be told where no channel is configured', async () => {
    const { code, stderr } = await runCommand(await configured({}), 'notices', 'test');
    assert.equal(code, 1);
    assert.match(stderr, /^CONFIGURATION_INVALID: .*nobody is told/);
  });
});
