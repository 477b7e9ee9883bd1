import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { downloadTool } from '../../../src/sandbox/local-services/download-tool.ts';

const root = await mkdtemp(join(tmpdir(), 'ace-sync-download-'));
after(() => rm(root, { recursive: true, force: true }));

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return `http://127.0.0.1:${address.port}`;
}

async function download(downloadInfo: string): Promise<string | null> {
  const folder = await mkdtemp(join(root, 'target-'));
  return await downloadTool({ name: 'temporal', version: 'v1.5.1', downloadInfo }, { folder, onProgress: () => {} });
}

describe('downloading a server program', () => {
  it('asks for the version and platform, and unpacks the named file', async () => {
    const source = await mkdtemp(join(root, 'source-'));
    await mkdir(join(source, 'content'));
    await writeFile(join(source, 'content', 'temporal'), '#!/bin/sh\necho works\n');
    const archive = execFileSync('tar', ['-czf', '-', '-C', join(source, 'content'), 'temporal']);
    let asked = '';
    const url = await serve((request, response) => {
      if (request.url === '/archive') return response.end(archive);
      asked = request.url ?? '';
      return response.end(JSON.stringify({ archiveUrl: `${url}/archive`, fileToExtract: 'temporal' }));
    });
    const executable = await download(`${url}/cli`);
    assert.match(asked, /^\/cli\/v1\.5\.1\?arch=(amd64|arm64)&platform=(linux|darwin)&format=tar\.gz$/);
    assert.equal(execFileSync(executable ?? '', { encoding: 'utf8' }), 'works\n');
  });

  it('gives way without an error when the site is away, refuses, or answers something else', async () => {
    assert.equal(await download('http://127.0.0.1:9/cli'), null);
    assert.equal(await download(await serve((_request, response) => response.writeHead(404).end())), null);
    assert.equal(await download(await serve((_request, response) => response.end('<html>'))), null);
  });
});
