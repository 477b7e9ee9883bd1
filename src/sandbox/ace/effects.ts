import { aceFolders } from '../../bucket/folders.ts';
import type { Effect } from './state.ts';
import type { StateStore } from './state-store.ts';
import type { Storage } from './storage.ts';

/** Requests under way at once: an export of thousands of files shall not take minutes. */
const mostAtOnce = 16;

const exportFolders: readonly string[] = Object.values(aceFolders).flatMap(({ outbound, outboundArchive }) => [
  outbound,
  outboundArchive,
]);

/**
 * Performs what was decided, in the order of the decisions; only the files of an export may overtake each other. Every
 * request can be repeated: a put writes the same bytes again, a delete names the version that it means. Throws what the
 * S3 server throws; what is not done stays pending then.
 */
export async function performEffects({ store, storage }: { store: StateStore; storage: Storage }): Promise<void> {
  while (store.pendingEffects() > 0) {
    const batch = together(store.nextEffects(mostAtOnce));
    await Promise.all(batch.map((effect) => perform(storage, effect)));
    store.effectsDone(batch.length);
  }
}

/** The longest beginning whose order does not matter: files of exports under different keys; at least the first. */
function together(effects: readonly Effect[]): readonly Effect[] {
  const keys = new Set<string>();
  const end = effects.findIndex(({ kind, key }) => {
    const free = kind === 'put' && !keys.has(key) && exportFolders.some((folder) => key.startsWith(folder));
    keys.add(key);
    return !free;
  });
  return effects.slice(0, end === -1 ? effects.length : Math.max(1, end));
}

async function perform(storage: Storage, effect: Effect): Promise<void> {
  switch (effect.kind) {
    case 'put':
      return storage.put(effect.key, Buffer.from(effect.body, 'base64'));
    case 'delete':
      return storage.delete(effect.key, effect.etag);
  }
}
