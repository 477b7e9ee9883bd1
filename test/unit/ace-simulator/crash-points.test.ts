import assert from 'node:assert/strict';
import { test } from 'node:test';
import { performEffects } from '../../../src/sandbox/ace/effects.ts';
import { exportChanged } from '../../../src/sandbox/ace/export.ts';
import { processInbound } from '../../../src/sandbox/ace/process-inbound.ts';
import type { Storage } from '../../../src/sandbox/ace/storage.ts';
import { openDraft, type World } from '../../../src/sandbox/ace/world.ts';
import { mandatory } from '../../integration/ace-simulator/sample-records.ts';
import { memoryWorld, temporaryFolder } from './memory-world.ts';

const inboundKeys = ['opportunity-inbound/a.json', 'opportunity-inbound/b.json'];

class Killed extends Error {}

/** A bucket in memory whose server dies at one request, before or after it took effect. */
function bucket(objects: Map<string, Buffer>, deathAt: number, takesEffect: boolean): Storage {
  let requests = 0;
  const request = async <T>(effect: () => T): Promise<T> => {
    requests += 1;
    if (requests === deathAt && !takesEffect) throw new Killed();
    const answer = effect();
    if (requests === deathAt) throw new Killed();
    return answer;
  };
  return {
    list: (folder) =>
      request(() =>
        [...objects]
          .filter(([key]) => key.startsWith(folder))
          .map(([key, { length }]) => ({ key, etag: `"${key}"`, size: length, lastModified: new Date(0) }))
          .sort((a, b) => (a.key < b.key ? -1 : 1)),
      ),
    get: (key) => request(() => objects.get(key) ?? null),
    put: (key, body) => request(() => void objects.set(key, body)),
    delete: (key) => request(() => void objects.delete(key)),
    policy: async () => null,
    setPolicy: async () => undefined,
    close: () => undefined,
  };
}

async function work(world: World): Promise<void> {
  await processInbound(world);
  const draft = openDraft(world.store);
  exportChanged(world, draft);
  draft.commit();
  await performEffects(world);
}

function freshBucket(): Map<string, Buffer> {
  const file = (partnerId: string): Buffer =>
    Buffer.from(JSON.stringify({ version: '1', spmsId: '123456', opportunities: [mandatory(1, partnerId)] }));
  return new Map(inboundKeys.map((key) => [key, file(`006${key}`)]));
}

test('a death at any request, before or after it took effect, leaves the same bucket in the end', async () => {
  const expected = freshBucket();
  await work(memoryWorld(1, {}, { storage: bucket(expected, Number.POSITIVE_INFINITY, true) }));
  assert.equal(
    expected.size,
    2 + 2 + 2 + 2,
    'archive copies, results with their archive copies, one export with its copy',
  );

  let deaths = 0;
  for (const takesEffect of [false, true]) {
    for (let deathAt = 1; ; deathAt += 1) {
      const objects = freshBucket();
      const folder = temporaryFolder();
      const died = await work(memoryWorld(1, {}, { folder, storage: bucket(objects, deathAt, takesEffect) })).then(
        () => false,
        (error: unknown) => error instanceof Killed,
      );
      if (!died) break;
      deaths += 1;
      const revived = memoryWorld(1, {}, { folder, storage: bucket(objects, Number.POSITIVE_INFINITY, true) });
      await work(revived);
      assert.deepEqual([...objects.keys()].toSorted(), [...expected.keys()].toSorted(), `death at ${deathAt}`);
      for (const [key, body] of objects)
        assert.equal(body.toString(), expected.get(key)?.toString(), `${key}, ${deathAt}`);
      assert.equal(revived.store.all('records').length, 2);
    }
  }
  assert.ok(deaths > 20, `${deaths} deaths`);
});
