import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after } from 'node:test';
import { createClock } from '../../../src/sandbox/ace/clock.ts';
import { simulatorOptionsSchema } from '../../../src/sandbox/ace/options.ts';
import { createChance } from '../../../src/sandbox/ace/random.ts';
import { openStateStore } from '../../../src/sandbox/ace/state-store.ts';
import type { Storage } from '../../../src/sandbox/ace/storage.ts';
import type { SwitchChanges } from '../../../src/sandbox/ace/switches.ts';
import type { World } from '../../../src/sandbox/ace/world.ts';

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'ace-simulator-'));
  folders.push(folder);
  return folder;
}

const noBucket: Storage = {
  list: async () => [],
  get: async () => null,
  put: async () => undefined,
  delete: async () => undefined,
  policy: async () => null,
  setPolicy: async () => undefined,
  close: () => undefined,
};

/** What the simulator decides with, without a bucket: decisions are read from their drafts. */
export function memoryWorld(
  payloadVersion: 1 | 2,
  switches: SwitchChanges = {},
  { folder = temporaryFolder(), storage = noBucket }: { readonly folder?: string; readonly storage?: Storage } = {},
): World {
  const options = simulatorOptionsSchema.parse({
    s3: { endpoint: 'http://127.0.0.1:9', region: 'us-west-2', accessKeyId: 'none', secretAccessKey: 'none' },
    bucket: 'ace-apn-123456-beta-us-west-2',
    spmsId: '123456',
    folder,
    payloadVersion,
    seed: 7,
    clock: { kind: 'stepped', start: '2026-03-02T12:00:00.000Z' },
    switches: { review: 'hand', ...switches },
  });
  return {
    options,
    clock: createClock(options.clock, null),
    store: openStateStore(options.folder),
    storage,
    chance: createChance(options.seed),
    lastError: null,
  };
}
