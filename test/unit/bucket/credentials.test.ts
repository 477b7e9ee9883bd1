import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { credentialProvider } from '../../../src/bucket/credentials.ts';
import { bucketOptionsSchema } from '../../../src/bucket/options.ts';
import { AceSyncError } from '../../../src/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'ace-sync-credentials-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: string): { file: string } {
  const path = join(folder, name);
  writeFileSync(path, content);
  return { file: path };
}

describe('keys of the ACE bucket', () => {
  it('are read from files again while the worker runs, so that they can be rotated', async () => {
    const accessKeyId = file('id', 'FIRST\n');
    const secretAccessKey = file('secret', 'first\n');
    const provide = credentialProvider({ accessKeyId, secretAccessKey });
    const first = await provide();
    assert.deepEqual([first.accessKeyId, first.secretAccessKey], ['FIRST', 'first']);
    // The SDK refreshes an identity five minutes before it ends, which makes this one minute from now.
    const lifetime = (first.expiration?.getTime() ?? 0) - Date.now();
    assert.ok(lifetime > 5 * 60_000 && lifetime <= 6 * 60_000);
    file('id', 'SECOND');
    file('secret', 'second');
    const second = await provide();
    assert.deepEqual([second.accessKeyId, second.secretAccessKey], ['SECOND', 'second']);
  });

  it('that are missing are named by their place, without any content', async () => {
    const provide = credentialProvider({ accessKeyId: file('id', 'KEY'), secretAccessKey: file('empty', '') });
    await assert.rejects(provide, (error) => {
      assert.ok(error instanceof AceSyncError);
      assert.equal(error.code, 'SECRET_MISSING');
      assert.ok(error.message.includes('empty') && !error.message.includes('KEY'));
      return true;
    });
  });
});

describe('options of the ACE bucket', () => {
  it('need a name only: the region is that of all ACE buckets, the keys come from the AWS chain', () => {
    assert.deepEqual(bucketOptionsSchema.parse({ name: 'ace-apn-123456-prod-us-west-2' }), {
      name: 'ace-apn-123456-prod-us-west-2',
      region: 'us-west-2',
    });
  });

  it('refuse a wrong name, an endpoint that is no address, and half a key pair, each with its path', () => {
    const { error } = bucketOptionsSchema.safeParse({
      name: 'ACE_Bucket',
      endpoint: 'localhost',
      credentials: { accessKeyId: { env: 'ID' } },
    });
    assert.deepEqual(error?.issues.map(({ path }) => path[0]).sort(), ['credentials', 'endpoint', 'name']);
  });

  it('refuse a secret written into the file, other than as one of the sandbox', () => {
    const credentials = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
    assert.ok(!bucketOptionsSchema.safeParse({ name: 'ace-bucket', credentials }).success);
    assert.ok(bucketOptionsSchema.safeParse({ name: 'ace-bucket', credentials: { static: credentials } }).success);
  });
});
