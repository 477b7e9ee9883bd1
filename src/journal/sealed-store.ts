import type { Keyring } from '../encryption/keyring.ts';
import type { JournalStore } from './journal-store.ts';
import { createSeal } from './seal.ts';

/** What holds values of records; released mappings and what the sync keeps of itself stay plain. */
const sealedParts: ReadonlySet<string> = new Set(['files', 'outcomes', 'changes', 'confirmations', 'drift']);
const isSealed = (name: string): boolean => sealedParts.has(name.split('/')[0] ?? '');

/**
 * A place whose files and ledgers are encrypted when there is a key. Each is bound to its name: what is moved to another
 * name cannot be opened there. Plain ones stay readable; lines of one ledger can still be left out or put in another order.
 */
export function createSealedStore(store: JournalStore, keyring: Keyring | null): JournalStore {
  const seal = createSeal(keyring);
  const bytesOf = (name: string, bytes: Buffer) => (isSealed(name) ? seal.file(bytes, name) : bytes);
  return {
    ...store,
    async read(name) {
      const kept = await store.read(name);
      return kept === null || !isSealed(name) ? kept : { ...kept, bytes: seal.openFile(kept.bytes, name) };
    },
    create: (name, bytes) => store.create(name, bytesOf(name, bytes)),
    replace: (name, bytes, version) => store.replace(name, bytesOf(name, bytes), version),
    append: (ledger, day, lines) =>
      store.append(ledger, day, isSealed(ledger) ? lines.map((line) => seal.line(line, ledger)) : lines),
    async *lines(ledger, from) {
      for await (const line of store.lines(ledger, from)) yield isSealed(ledger) ? seal.openLine(line, ledger) : line;
    },
  };
}
