import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { defaultPayloadConverter } from '@temporalio/common';
import { createCodecServer } from '../../../src/encryption/codec-server.ts';
import { createKeyring } from '../../../src/encryption/keyring.ts';
import { createPayloadCodec, toJson } from '../../../src/encryption/payload-codec.ts';

const origin = 'http://127.0.0.1:8233';
const codec = createPayloadCodec(createKeyring([randomBytes(32)], 'temporal.payloadKey'));
const server = createCodecServer(codec, origin);
const payload = toJson(defaultPayloadConverter.toPayload({ key: 'opportunity-outbound/one.json' }));
let url = '';

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

describe('the codec server', () => {
  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    url = `http://127.0.0.1:${address.port}`;
  });
  after(() => server.close());

  it('encodes and decodes payloads as the Web UI sends them', async () => {
    const encoded = await (await post('/encode', { payloads: [payload] }, { Origin: origin })).text();
    assert.equal(encoded.includes('one.json'), false);
    const decoded = await post('/decode', JSON.parse(encoded), { Origin: origin, 'X-Namespace': 'default' });
    assert.equal(decoded.headers.get('access-control-allow-origin'), origin);
    assert.deepEqual(await decoded.json(), { payloads: [payload] });
  });

  it('leaves payloads that are not encrypted as they are', async () => {
    assert.deepEqual(await (await post('/decode', { payloads: [payload] })).json(), { payloads: [payload] });
  });

  it("answers a browser's question for its own page, and refuses the page of another origin", async () => {
    const asked = await fetch(`${url}/decode`, { method: 'OPTIONS', headers: { Origin: origin } });
    assert.equal(asked.status, 200);
    assert.match(asked.headers.get('access-control-allow-headers') ?? '', /x-namespace/);
    const foreign = await post('/decode', { payloads: [payload] }, { Origin: 'http://evil.example' });
    assert.equal(foreign.status, 403);
    assert.equal((await foreign.text()).includes(payload.data ?? 'nothing'), false);
  });

  it('refuses anything else with a short answer', async () => {
    assert.equal((await fetch(url)).status, 404);
    assert.equal((await post('/decode', { payload })).status, 400);
    assert.equal((await fetch(`${url}/decode`, { method: 'POST', body: 'no JSON' })).status, 400);
  });
});
