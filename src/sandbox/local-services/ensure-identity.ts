import { createHash, createHmac } from 'node:crypto';
import { AceSyncError } from '../../errors.ts';
import type { KeyPair } from './key-pair.ts';
import type { VersitygwServer } from './start-versitygw.ts';

/** A `userplus` may make buckets and owns those that it makes; a `user` may do what bucket policies allow. */
export type IdentityRole = 'user' | 'userplus';

/**
 * Makes an identity on the S3 server, unless it is there. This is the server's own admin request, which no S3 client
 * has, so it is signed here; its command line would show the secret to everybody who lists processes.
 * @throws AceSyncError SERVICE_FAILED
 */
export async function ensureIdentity(server: VersitygwServer, keys: KeyPair, role: IdentityRole): Promise<void> {
  const body =
    `<Account><Access>${keys.accessKeyId}</Access><Secret>${keys.secretAccessKey}</Secret>` +
    `<Role>${role}</Role><UserID>0</UserID><GroupID>0</GroupID><ProjectID>0</ProjectID></Account>`;
  const url = new URL('/create-user', server.url);
  const headers = signedHeaders({
    method: 'PATCH',
    url,
    body,
    region: server.region,
    keys: server.root,
    at: new Date(),
  });
  const response = await fetch(url, { method: 'PATCH', headers, body });
  const answer = await response.text();
  if (response.ok || answer.includes('XAdminUserExists')) return;
  throw new AceSyncError('SERVICE_FAILED', `Making an identity: status ${response.status}; see ${server.logFile}.`);
}

/** AWS Signature Version 4 for a request without query, as AWS's "Signature calculation" page describes it. */
function signedHeaders(request: {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
  readonly region: string;
  readonly keys: KeyPair;
  readonly at: Date;
}): Record<string, string> {
  const { method, url, body, region, keys, at } = request;
  const time = at.toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const day = time.slice(0, 8);
  const scope = `${day}/${region}/s3/aws4_request`;
  const bodyHash = sha256(body);
  const names = 'host;x-amz-content-sha256;x-amz-date';
  const lines = [method, url.pathname, '', `host:${url.host}`, `x-amz-content-sha256:${bodyHash}`];
  const canonical = [...lines, `x-amz-date:${time}`, '', names, bodyHash].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${keys.secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  return {
    'x-amz-date': time,
    'x-amz-content-sha256': bodyHash,
    authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
