import type { VersitygwServer } from './start-versitygw.ts';

/**
 * Servers that run elsewhere, such as the other containers of docker-compose.yml. When these variables are set, the
 * local stack uses those servers instead of starting its own; it prepares namespace and bucket there all the same.
 */
const variables = {
  temporalAddress: 'ACE_SYNC_SANDBOX_TEMPORAL',
  temporalUi: 'ACE_SYNC_SANDBOX_TEMPORAL_UI',
  s3Endpoint: 'ACE_SYNC_SANDBOX_S3',
  s3AccessKeyId: 'ACE_SYNC_SANDBOX_S3_ACCESS_KEY_ID',
  s3SecretAccessKey: 'ACE_SYNC_SANDBOX_S3_SECRET_ACCESS_KEY',
} as const;

/** Address (host and port) of the front end, and URL of the Web UI as a browser reaches it. */
export function externalTemporal(): { readonly address: string; readonly url: string } | null {
  const address = process.env[variables.temporalAddress];
  if (address === undefined || address === '') return null;
  return { address, url: process.env[variables.temporalUi] ?? 'http://127.0.0.1:8233' };
}

export function externalVersitygw(region: string): VersitygwServer | null {
  const url = process.env[variables.s3Endpoint];
  if (url === undefined || url === '') return null;
  const root = {
    accessKeyId: process.env[variables.s3AccessKeyId] ?? '',
    secretAccessKey: process.env[variables.s3SecretAccessKey] ?? '',
  };
  return { url, region, root, logFile: `the log of the server at ${url}` };
}
