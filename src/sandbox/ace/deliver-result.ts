import type { AceObject } from '../../ace/ace-record.ts';
import { resultNameOf } from '../../ace/file-name.ts';
import { aceFolders } from '../../bucket/folders.ts';
import type { Effect } from './state.ts';
import { type Draft, switchesOf, type World } from './world.ts';

const minuteMs = 60_000;

/**
 * `fileApnProcessedDT` has milliseconds while ACE's record dates have whole seconds, so it lies after the
 * `lastModifiedDate` that the same file caused, in the same second.
 */
export function processedAt(world: World, key: string): Date {
  const second = Math.floor(world.clock.now().getTime() / 1000) * 1000;
  return new Date(Math.max(world.clock.now().getTime(), second + world.chance.whole(1, 999, 'processed', key)));
}

export interface ResultFile {
  readonly object: AceObject;
  /** Name without folder. */
  readonly name: string;
  /** Base64. */
  readonly body: string;
}

/** Writes the result file, its archive copy, and what the switch resultDelivery makes of both. */
export function deliverResult(world: World, draft: Draft, { object, name, body }: ResultFile): void {
  const switches = switchesOf(world);
  const folder = aceFolders[object].processedResults;
  const put = (file: string): Effect => ({ kind: 'put', key: `${folder}${file}`, body });
  const later = (...effects: readonly Effect[]): void => {
    const due = new Date(world.clock.now().getTime() + switches.resultDelayMinutes * minuteMs);
    draft.put('delayed', String(draft.next('delayed')), { due: due.toISOString(), effects });
  };
  const archive: Effect = { kind: 'put', key: archiveKey(world, object, name, switches.resultArchive), body };

  switch (switches.resultDelivery) {
    case 'normal':
      draft.effect(archive);
      draft.effect(put(name));
      return;
    case 'lost':
      return;
    case 'archivedOnly':
      draft.effect(archive);
      return;
    case 'late':
      later(archive, put(name));
      return;
    case 'twice':
      draft.effect(archive);
      draft.effect(put(name));
      later(put(name));
      return;
    case 'forAnotherFile': {
      const inbound = `other-system_${String(draft.next('stranger')).padStart(6, '0')}.json`;
      const key = `${folder}${resultNameOf(inbound, switches.resultSuffix)}`;
      draft.effect({ kind: 'put', key, body: renamed(body, `${aceFolders[object].inbound}${inbound}`) });
      draft.effect(archive);
      draft.effect(put(name));
      return;
    }
  }
}

function archiveKey(world: World, object: AceObject, name: string, folder: string): string {
  const dated = folder === 'inbound-results-archive';
  const day = dated ? `${world.clock.now().toISOString().slice(0, 10).replaceAll('-', '/')}/` : '';
  return `${object}-${folder}/${day}${name}`;
}

/** The same result for another inbound file. */
function renamed(body: string, fileName: string): string {
  const result: unknown = JSON.parse(Buffer.from(body, 'base64').toString('utf8'));
  return Buffer.from(JSON.stringify({ ...(result as object), fileName }, null, 2)).toString('base64');
}
