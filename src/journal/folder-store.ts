import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { link, mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { AceSyncError } from '../errors.ts';
import type { JournalStore, StoredItem } from './journal-store.ts';

/** What is written beside and not yet in its place; left behind by a kill, and never read. */
const draftEnding = '.draft';

/**
 * A journal in a folder of this host, readable by its owner only. A ledger has one file per day, so that old days can be
 * removed without touching the others: an append is one write with O_APPEND, which a local file system does not mix.
 */
export function createFolderStore(folder: string): JournalStore {
  const pathOf = (name: string) => join(folder, name);

  async function draftOf(path: string, bytes: Buffer): Promise<string> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const draft = `${path}.${randomUUID()}${draftEnding}`;
    await writeFile(draft, bytes, { mode: 0o600 });
    return draft;
  }

  const store: JournalStore = {
    place: folder,
    async read(name) {
      const bytes = await orNull(readFile(pathOf(name)), 'ENOENT');
      return bytes === null ? null : { bytes, version: versionOf(bytes) };
    },
    async create(name, bytes) {
      const path = pathOf(name);
      if (existsSync(path)) return false;
      const draft = await draftOf(path, bytes);
      try {
        // Unlike a rename, a link refuses a name that is taken.
        return (await orNull(link(draft, path).then(done), 'EEXIST')) !== null;
      } finally {
        await rm(draft, { force: true });
      }
    },
    async replace(name, bytes, version) {
      if (version === null) return store.create(name, bytes);
      if ((await store.read(name))?.version !== version) return false;
      await rename(await draftOf(pathOf(name), bytes), pathOf(name));
      return true;
    },
    async renew(name, before) {
      const kept = await writtenAt(pathOf(name));
      if (kept === null || kept >= before.getTime()) return kept !== null;
      const now = new Date();
      return (await orNull(utimes(pathOf(name), now, now).then(done), 'ENOENT')) !== null;
    },
    async append(ledger, day, lines) {
      const path = pathOf(`${ledger}/${day}.jsonl`);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      // The new line in front ends one that a kill cut short, which would otherwise swallow the first of these.
      await appendAtOnce(path, Buffer.from(`\n${lines.map((line) => `${line}\n`).join('')}`));
    },
    async *lines(ledger, from = '') {
      for (const name of (await namesIn(pathOf(ledger))).filter((day) => day.slice(0, 10) >= from)) {
        for await (const line of createInterface({ input: createReadStream(pathOf(`${ledger}/${name}`)) }))
          if (line !== '') yield line;
      }
    },
    async *list(below) {
      for (const name of await namesIn(pathOf(below))) {
        const item = await orNull(itemOf(`${below}/${name}`), 'ENOENT');
        if (item !== null) yield item;
      }
    },
    async removeOlder(name, before) {
      const path = pathOf(name);
      const aside = `${path}.${randomUUID()}${draftEnding}`;
      const isOlder = async (place: string) =>
        ((await writtenAt(place)) ?? Number.POSITIVE_INFINITY) < before.getTime();
      if (!(await isOlder(path)) || (await orNull(rename(path, aside).then(done), 'ENOENT')) === null) return false;
      // Looked at again where nobody can renew it any more: what was renewed in between goes back.
      const older = await isOlder(aside);
      if (!older) await orNull(link(aside, path), 'EEXIST');
      await rm(aside, { force: true });
      return older;
    },
  };
  return guarded(store, folder);

  async function itemOf(name: string): Promise<StoredItem> {
    const { mtimeMs, size } = await stat(pathOf(name));
    return { name, writtenAt: mtimeMs, size };
  }
}

/** In one write, whatever the size: Node's `appendFile` cuts into pieces of 512 KiB, between which others could write. */
async function appendAtOnce(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'a', 0o600);
  try {
    const { bytesWritten } = await file.write(bytes);
    // A disk that is nearly full: what is left is not sent after it. The caller repeats all, and a line counts once.
    if (bytesWritten < bytes.length)
      throw Object.assign(new Error('The append was cut short.'), { code: 'SHORT_WRITE' });
  } finally {
    await file.close();
  }
}

const versionOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Names of the files below a folder, sorted; none without the folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = (await orNull(readdir(folder, { recursive: true, withFileTypes: true }), 'ENOENT')) ?? [];
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(draftEnding))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

const done = () => true;

async function writtenAt(path: string): Promise<number | null> {
  return (await orNull(stat(path), 'ENOENT'))?.mtimeMs ?? null;
}

async function orNull<T>(work: Promise<T>, code: string): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (codeOf(error) === code) return null;
    throw error;
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';

/** A full disk or a folder that is away is the journal's fault, and said so with the system's code. */
function guarded(store: JournalStore, folder: string): JournalStore {
  const attempt = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (cause) {
      throw new AceSyncError('JOURNAL_UNAVAILABLE', `${folder}: ${codeOf(cause)}.`, { cause });
    }
  };
  return {
    ...store,
    read: (name) => attempt(store.read(name)),
    create: (name, bytes) => attempt(store.create(name, bytes)),
    replace: (name, bytes, version) => attempt(store.replace(name, bytes, version)),
    renew: (name, before) => attempt(store.renew(name, before)),
    append: (ledger, day, lines) => attempt(store.append(ledger, day, lines)),
    removeOlder: (name, before) => attempt(store.removeOlder(name, before)),
  };
}
