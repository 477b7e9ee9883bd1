import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { type AceBucket, createAceBucket } from '../../src/bucket/ace-bucket.ts';
import { type KeyPair, type ProvisionedAceBucket, provisionAceBucket } from '../../src/sandbox/local-services/index.ts';
import { startTestStack, type TestStack } from './test-stack.ts';

let stack: Promise<TestStack> | undefined;

/** Registered here, while the file is loaded: inside a test or hook, `after` would mean the end of that one. */
const cleanUps: (() => void | Promise<void>)[] = [];
after(async () => {
  for (const cleanUp of cleanUps.toReversed()) await cleanUp();
});

/** Runs when the tests of the file are done, the last registered first: before the servers of a file run alone stop. */
export function whenDone(cleanUp: () => void | Promise<void>): void {
  cleanUps.push(cleanUp);
}

/**
 * The servers of this test run: those of the global set-up, or, when a test file is run alone, ones of its own.
 * Tests share them, so each uses its own buckets, task queues and workflow ids (`uniqueName`).
 */
export function sharedStack(): Promise<TestStack> {
  const shared = process.env.ACE_SYNC_TEST_STACK;
  stack ??= shared === undefined ? ownStack() : Promise.resolve(JSON.parse(shared) as TestStack);
  return stack;
}

async function ownStack(): Promise<TestStack> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'ace-sync-test-'));
  const { stack: own, supervisor } = await startTestStack(dataFolder);
  cleanUps.push(async () => {
    await supervisor.stop();
    await rm(dataFolder, { recursive: true, force: true });
  });
  return own;
}

/** A name that no other test of any run uses. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${Date.now().toString(36)}-${randomInt(2 ** 40).toString(36)}`;
}

export interface TestAceBucket {
  readonly provisioned: ProvisionedAceBucket;
  readonly spmsId: string;
  /** The bucket as ace-sync sees it. */
  readonly partner: AceBucket;
  /** The bucket as AWS sees it. */
  readonly ace: AceBucket;
}

/** A new, empty ACE bucket with both identities, closed when the tests of the file are done. */
export async function freshAceBucket(): Promise<TestAceBucket> {
  const { versitygw, dataFolder } = await sharedStack();
  const spmsId = String(randomInt(1, 1_000_000_000));
  const provisioned = await provisionAceBucket(versitygw, { spmsId, dataFolder });
  const connect = (keys: KeyPair) =>
    createAceBucket({
      name: provisioned.bucket,
      region: provisioned.region,
      endpoint: provisioned.endpoint,
      credentials: { static: keys },
    });
  const partner = connect(provisioned.partner);
  const ace = connect(provisioned.ace);
  cleanUps.push(() => {
    partner.close();
    ace.close();
  });
  return { provisioned, spmsId, partner, ace };
}
