import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { defaultPayloadConverter } from '@temporalio/common';
import { createKeyring } from '../../../src/encryption/keyring.ts';
import { createPayloadCodec, toJson } from '../../../src/encryption/payload-codec.ts';
import { type Running, runCommand, startCommand } from '../../end-to-end/command-line.ts';
import { writeLeastConfiguration } from '../../support/least-configuration.ts';
import { waitUntil } from '../../support/wait-until.ts';

const folder = mkdtempSync(join(tmpdir(), 'ace-sync-codec-server-'));
const key = randomBytes(32);
const webUi = 'http://127.0.0.1:9233';
const plain = defaultPayloadConverter.toPayload({ key: 'opportunity-outbound/one.json' });

describe('ace-sync codec-server', () => {
  let running: Running;
  let port = '';
  before(async () => {
    writeFileSync(join(folder, 'payload-key'), key.toString('base64'));
    const config = writeLeastConfiguration(folder, {
      temporal: { webUi: `${webUi}/namespaces/default`, payloadKey: { file: join(folder, 'payload-key') } },
    });
    running = startCommand('codec-server', '--port', '0', '--config', config);
    const said = await waitUntil('it listens', () => running.child.exitCode !== null || /\n/.exec(running.stdout()));
    assert.notEqual(said, true, running.stderr());
    port = /^Codec server: http:\/\/127\.0\.0\.1:(\d+) /.exec(running.stdout())?.[1] ?? '';
    assert.equal(running.stdout(), `Codec server: http://127.0.0.1:${port} for pages of ${webUi}\n`);
  });
  after(async () => {
    running.child.kill('SIGTERM');
    assert.equal((await running.finished).code, 0, 'it ends in order');
    rmSync(folder, { recursive: true, force: true });
  });

  const decode = async (headers: Readonly<Record<string, string>>, host = '127.0.0.1') => {
    const codec = createPayloadCodec(createKeyring([key], 'temporal.payloadKey'));
    const payloads = (await codec.encode([plain])).map(toJson);
    return fetch(`http://${host}:${port}/decode`, { method: 'POST', body: JSON.stringify({ payloads }), headers });
  };

  it('decrypts for the page of the Web UI that the configuration names', async () => {
    const answer = await decode({ Origin: webUi });
    assert.equal(answer.headers.get('access-control-allow-origin'), webUi);
    assert.deepEqual(await answer.json(), { payloads: [toJson(plain)] });
  });

  it('refuses the page of another origin, also that of the default Web UI', async () => {
    for (const Origin of ['http://evil.example', 'http://127.0.0.1:8233', 'null']) {
      const answer = await decode({ Origin });
      assert.deepEqual([answer.status, await answer.json()], [403, { error: 'Another origin.' }], Origin);
    }
  });

  it('listens on 127.0.0.1 and on no other address of the host', async () => {
    assert.equal((await decode({ Origin: webUi })).status, 200);
    for (const other of ['127.0.0.2', '[::1]']) await assert.rejects(decode({ Origin: webUi }, other), other);
  });

  it('does not start without a key', async () => {
    const bare = mkdtempSync(join(folder, 'bare-'));
    const { code, stderr } = await runCommand('codec-server', '--port', '0', '--config', writeLeastConfiguration(bare));
    assert.deepEqual([code, stderr.split('\n')[0]], [2, 'error: temporal.payloadKey is not set: nothing is encrypted']);
  });
});
