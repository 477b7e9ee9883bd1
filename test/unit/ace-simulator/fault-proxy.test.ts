import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { startS3FaultProxy } from '../../../src/sandbox/ace/fault-proxy.ts';
import { waitUntil } from '../../support/wait-until.ts';

test('a slow request whose caller gave up is never passed on', async (context) => {
  let connections = 0;
  const target = http.createServer((request, response) => response.end(request.url));
  target.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
  const proxy = await startS3FaultProxy({
    target: `http://127.0.0.1:${(target.address() as AddressInfo).port}`,
    faults: () => [{ effect: 'slow', share: 1, delayMs: 400 }],
  });
  context.after(async () => {
    await proxy.stop();
    target.closeAllConnections();
    target.close();
  });
  const caller = new AbortController();
  const abandoned = fetch(`${proxy.url}/abandoned`, { signal: caller.signal });
  await waitUntil('the proxy has the request', () => proxy.faulted() === 1);
  caller.abort();
  await assert.rejects(abandoned, { name: 'AbortError' });
  // Came later and waits as long: when it is answered, the abandoned one would have been passed on.
  const answer = await fetch(`${proxy.url}/kept`);
  assert.equal(await answer.text(), '/kept');
  assert.equal(connections, 1);
});
