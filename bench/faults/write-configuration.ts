import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { AceSimulator } from '../../src/sandbox/ace/simulator.ts';
import type { ProvisionedAceBucket, TemporalService } from '../../src/sandbox/local-services/index.ts';
import type { SalesforceStandIn } from '../../src/sandbox/salesforce/index.ts';
import { defaultMappingPath } from '../../src/sandbox/sandbox-connection.ts';
import { sandboxSpmsId } from '../../src/sandbox/start-sandbox.ts';

/** Seconds at `waits` 1. The overlap covers what the stand-in shows late. */
const timing = {
  scanInterval: 3,
  detectInterval: 2,
  sweepInterval: 30,
  detectOverlap: 20,
  resultTimeLimit: 15,
  probeInterval: 20,
  parkedProbeInterval: 15,
  deliverInterval: 5,
};

/** The watch finds something at nearly every look, so that every kind of notice goes out. */
const watch = {
  interval: 10,
  silenceAtLeast: 20,
  fileUnsettledAfter: 15,
  resultOverdueAfter: 10,
  heldTooLongAfter: 15,
};

const scaled = (seconds: Readonly<Record<string, number>>, waits: number) =>
  Object.fromEntries(Object.entries(seconds).map(([name, count]) => [name, count * waits]));

/** @returns the file, and its text. */
export async function writeConfiguration(given: {
  readonly folder: string;
  readonly temporal: TemporalService;
  readonly bucket: ProvisionedAceBucket;
  readonly ace: AceSimulator;
  readonly standIn: SalesforceStandIn;
  readonly login: { readonly clientId: string; readonly clientSecret: string };
  readonly noticeUrl: string;
  readonly waits: number;
}): Promise<{ readonly file: string; readonly text: string }> {
  const { folder, temporal, bucket, ace, standIn, login, noticeUrl, waits } = given;
  const secret = async (name: string, value: string) => {
    const file = join(folder, 'secrets', name);
    await writeFile(file, value, { mode: 0o600 });
    return { file };
  };
  const webhook = await secret('notice-url', noticeUrl);
  const file = join(folder, 'ace-sync.yaml');
  const text = stringify({
    connection: 'faults',
    installation: 'flt',
    mode: 'live',
    temporal: { address: temporal.address, namespace: temporal.namespace },
    ace: {
      spmsId: sandboxSpmsId,
      environment: 'beta',
      payloadVersion: 2,
      bucket: {
        name: bucket.bucket,
        region: bucket.region,
        endpoint: ace.partnerEndpoint,
        credentials: {
          accessKeyId: await secret('bucket-key-id', bucket.partner.accessKeyId),
          secretAccessKey: await secret('bucket-key', bucket.partner.secretAccessKey),
        },
      },
    },
    salesforce: {
      loginUrl: standIn.connection.loginUrl,
      auth: {
        kind: 'clientCredentials',
        clientId: await secret('client-id', login.clientId),
        clientSecret: await secret('client-secret', login.clientSecret),
      },
      requestTimeoutMs: Math.round(6_000 * waits),
      apiShare: { probeIntervalMs: Math.round(2_000 * waits) },
      batch: { loneWindowMs: 20, backlogWindowMs: 300 },
      retry: { rowLockMs: 500, approvalLockMs: 5_000, unavailableMs: 500, connectionMs: 1_500 },
    },
    mapping: defaultMappingPath,
    journal: { folder: join(folder, 'journal') },
    hashKey: await secret('hash-key', 'a key that is used in this run only'),
    // A day of edits passes in minutes.
    pingPong: { mostAutomatic: 100, mostInAll: 1000 },
    timing: scaled(timing, waits),
    tryAgain: { after: 2 * waits, most: 50 },
    watch: { ...scaled(watch, waits), failingAttempts: 4 },
    notices: { addressees: { engineer: { webhook }, allianceManager: { webhook } }, messagesPerHour: 60 },
  });
  await writeFile(file, text);
  return { file, text };
}
