import { type AceObject, aceObjects } from '../../ace/ace-record.ts';
import { aceFolders } from '../../bucket/folders.ts';
import { performEffects } from './effects.ts';
import { decideInboundFile } from './inbound-file.ts';
import { openDraft, switchesOf, type World } from './world.ts';

export interface TakenFile {
  readonly key: string;
  readonly outcome: 'processed' | 'rejected' | 'duplicate';
}

/** Inbound files that ACE has not taken yet, oldest first in each folder. */
export async function waitingInbound(
  world: World,
): Promise<readonly { object: AceObject; key: string; etag: string }[]> {
  const waiting = [];
  for (const object of aceObjects) {
    for (const { key, etag } of await world.storage.list(aceFolders[object].inbound))
      waiting.push({ object, key, etag });
  }
  return waiting;
}

/**
 * Takes every waiting inbound file, one decision each: its changes, the archive copy, the deletion and the result are
 * durable together before the first request leaves, so a file is never decided twice.
 */
export async function processInbound(world: World): Promise<readonly TakenFile[]> {
  await performEffects(world);
  if (switchesOf(world).inboundPaused) return [];
  const taken: TakenFile[] = [];
  for (const { object, key, etag } of await waitingInbound(world)) {
    const bytes = await world.storage.get(key);
    if (bytes === null) continue;
    const draft = openDraft(world.store);
    const outcome = decideInboundFile(world, draft, { object, key, etag, bytes });
    draft.commit();
    await performEffects(world);
    taken.push({ key, outcome });
  }
  return taken;
}
