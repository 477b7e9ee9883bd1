import type { StateStore } from './state-store.ts';
import type { Storage } from './storage.ts';

/**
 * Performs what was decided, in the order of the decisions. Every request can be repeated: a put writes the same bytes
 * again, a delete names the version that it means. Throws what the S3 server throws; the rest stays pending then.
 */
export async function performEffects({ store, storage }: { store: StateStore; storage: Storage }): Promise<void> {
  for (let effect = store.nextEffect(); effect !== undefined; effect = store.nextEffect()) {
    switch (effect.kind) {
      case 'put':
        await storage.put(effect.key, Buffer.from(effect.body, 'base64'));
        break;
      case 'delete':
        await storage.delete(effect.key, effect.etag);
        break;
    }
    store.effectDone();
  }
}
