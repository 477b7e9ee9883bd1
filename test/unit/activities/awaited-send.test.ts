import assert from 'node:assert/strict';
import { it } from 'node:test';
import { awaitedSend } from '../../../src/activities/awaited-send.ts';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { AceSyncError } from '../../../src/errors.ts';
import type { Send } from '../../../src/mapping/sync-state.ts';

const intent: Send = {
  name: 'one-opportunity-006000000000001AAA-0a1b2c3d-1_03022026090000.json',
  sha: '0a1b2c3d',
  at: '2026-03-02T09:00:00.000Z',
  kind: 'update',
  fields: {},
};
const answer = `${aceFolders.opportunity.processedResults}${intent.name.replace('.json', '_result.json')}`;

const awaited = (send: Send | null, minutes: number, keys: readonly string[]) => {
  const bucket = {
    exists: async () => 'absent',
    list: async (prefix: string) => ({ objects: keys.filter((key) => key.startsWith(prefix)).map((key) => ({ key })) }),
  };
  const deps = {
    bucket,
    now: () => new Date(Date.parse(intent.at) + minutes * 60_000),
    waits: { resultTimeLimit: 30 * 60_000 },
  };
  return awaitedSend(deps as unknown as Parameters<typeof awaitedSend>[0], 'opportunity', { intent: send });
};

it('an export waits for the answer to a file on its way within the time limit', async () => {
  assert.equal(await awaited(intent, 29, []), intent);
});

it('after the time limit it waits only for an answer that lies in the bucket', async () => {
  assert.equal(await awaited(intent, 31, [answer]), intent);
  assert.equal(await awaited(intent, 31, []), null);
});

it('it waits for nothing when nothing is on its way', async () => {
  assert.equal(await awaited(null, 1, [answer]), null);
});

it('after the time limit it waits while nobody can see whether an answer lies there', async () => {
  const denied: Parameters<typeof awaitedSend>[0] = {
    bucket: {
      exists: async () => 'unknown',
      list: () => Promise.reject(new AceSyncError('BUCKET_ACCESS_DENIED', 'No.')),
    },
    now: () => new Date(Date.parse(intent.at) + 31 * 60_000),
    waits: { resultTimeLimit: 30 * 60_000 },
  } as unknown as Parameters<typeof awaitedSend>[0];
  assert.equal(await awaitedSend(denied, 'opportunity', { intent }), intent);
});
