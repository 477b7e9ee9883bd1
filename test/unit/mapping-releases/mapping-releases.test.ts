import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Configuration } from '../../../src/config/configuration.ts';
import { createFolderStore } from '../../../src/journal/folder-store.ts';
import { createMappingReleases } from '../../../src/journal/mapping-releases.ts';
import { createMappingSource } from '../../../src/worker/mapping-source.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { defaultMappingText } from '../mapping/world.ts';

const note = { author: 'engineer', reason: 'a test', at: '2026-03-03T10:00:00.000Z' };
const newFolder = () => temporaryFolder('releases');
const variant = (mark: string) => `# ${mark}\n${defaultMappingText}`;
const record = '006000000000001AAA';

describe('released mappings', () => {
  test('get numbers that grow, and the files are never changed', async () => {
    const folder = newFolder();
    const releases = createMappingReleases(createFolderStore(folder));
    assert.equal(await releases.active(), null);
    const first = await releases.activate('one', note);
    const second = await releases.activate('two', note);
    assert.deepEqual([first.number, first.from, second.number, second.from], [1, null, 2, 1]);
    assert.equal(await releases.read(first), 'one');
    const names = readdirSync(join(folder, 'mappings')).filter((name) => name.endsWith('.yaml'));
    assert.deepEqual(names, [first, second].map(({ number, hash }) => `${number}-${hash.slice(0, 16)}.yaml`).sort());
  });

  test('a release that was changed afterwards is refused', async () => {
    const folder = newFolder();
    const releases = createMappingReleases(createFolderStore(folder));
    const first = await releases.activate('one', note);
    const path = join(folder, 'mappings', `1-${first.hash.slice(0, 16)}.yaml`);
    chmodSync(path, 0o600);
    writeFileSync(path, 'another');
    await assert.rejects(releases.read(first), { code: 'MAPPING_NOT_RELEASED', message: /changed after its release/ });
  });

  test('a rollback goes to the release that the active one replaced, step by step', async () => {
    const releases = createMappingReleases(createFolderStore(newFolder()));
    for (const text of ['one', 'two']) await releases.activate(text, note);
    assert.equal((await releases.rollBack(null, note)).number, 1);
    await releases.activate('three', note);
    assert.equal((await releases.rollBack(null, note)).number, 1, 'the second one was bad');
    await assert.rejects(releases.rollBack(null, note), { message: /no earlier release/ });
    assert.equal((await releases.rollBack(2, note)).number, 2);
    await assert.rejects(releases.rollBack(9, note), { message: /no earlier release/ });
  });

  test('a sample leaves the active release as it is, until it is finished or rolled back', async () => {
    const releases = createMappingReleases(createFolderStore(newFolder()));
    await releases.activate('one', note);
    const sampled = await releases.startCanary('two', [record], note);
    assert.deepEqual([sampled.number, sampled.canary?.number, sampled.canary?.records], [1, 2, [record]]);
    assert.deepEqual([(await releases.rollBack(null, note)).number, (await releases.active())?.canary], [1, null]);
    await releases.startCanary('three', [record], note);
    const finished = await releases.finishCanary(note);
    assert.deepEqual([finished.number, finished.canary, finished.from], [3, null, 1]);
    assert.equal((await releases.rollBack(null, note)).number, 1);
  });

  test('a kill in the middle of a line or after a number was taken changes nothing', async () => {
    const folder = newFolder();
    const releases = createMappingReleases(createFolderStore(folder));
    await releases.activate('one', note);
    appendFileSync(join(folder, 'mappings', 'releases', '2026-03-03.jsonl'), '{"id":"cut sho');
    writeFileSync(join(folder, 'mappings', '2.claimed'), '');
    assert.equal((await releases.activate('two', note)).number, 3);
    assert.deepEqual(
      (await releases.history()).map(({ number }) => number),
      [1, 3],
    );
  });
});

describe('the mapping that a worker follows', () => {
  async function connection() {
    const folder = newFolder();
    const mapping = join(folder, 'mapping.yaml');
    writeFileSync(mapping, defaultMappingText);
    const lines: unknown[] = [];
    const log = { info: (line: unknown) => lines.push(line), error: (line: unknown) => lines.push(line) };
    let time = Date.parse('2026-03-03T10:00:00Z');
    const config = { mapping } as Configuration;
    const source = await createMappingSource(config, createFolderStore(folder), log as never, () => time);
    const later = () => {
      time += 30_000;
      return source.current();
    };
    return { folder, config, source, later, lines, releases: createMappingReleases(createFolderStore(folder)) };
  }

  test('is released as number 1 by the first start, and by no other', async () => {
    const { folder, source, releases, config } = await connection();
    assert.match((await source.current()).mapping.version, /^1-[0-9a-f]{16}$/);
    assert.deepEqual([(await releases.active())?.reason, (await releases.history()).length], ['first start', 1]);
    writeFileSync(config.mapping, variant('edited'));
    const again = await createMappingSource(config, createFolderStore(folder), {
      info: () => {},
      error: () => {},
    } as never);
    assert.match((await again.current()).mapping.version, /^1-/, 'an edited file is not released by a restart');
  });

  test('changes within 30 seconds of an activation or rollback', async () => {
    const { source, later, releases } = await connection();
    const first = await source.current();
    await releases.activate(variant('two'), note);
    assert.match((await later()).mapping.version, /^2-/);
    await releases.rollBack(null, note);
    assert.equal((await later()).mapping.version, first.mapping.version);
  });

  test('stays when the new release cannot be used, which is logged once', async () => {
    const { later, lines, releases } = await connection();
    await releases.activate('version: 1\nopportunity: nothing', note);
    assert.match((await later()).mapping.version, /^1-/);
    assert.match((await later()).mapping.version, /^1-/);
    assert.deepEqual(lines, [{ code: 'MAPPING_INVALID', mapping: (await later()).mapping.version }]);
  });

  test('carries the sample beside it', async () => {
    const { later, releases } = await connection();
    await releases.startCanary(variant('two'), [record], note);
    const { mapping, sample } = await later();
    assert.match(mapping.version, /^1-/);
    assert.match(sample?.mapping.version ?? '', /^2-/);
    assert.deepEqual([...(sample?.records ?? [])], [record]);
  });

  test('a damaged active file is said so, not guessed', async () => {
    const { folder, config } = await connection();
    writeFileSync(join(folder, 'mappings', 'active.json'), '{');
    await assert.rejects(
      createMappingSource(config, createFolderStore(folder), { info: () => {}, error: () => {} } as never),
      {
        code: 'MAPPING_NOT_RELEASED',
      },
    );
    assert.equal(readFileSync(config.mapping, 'utf8'), defaultMappingText);
  });
});
