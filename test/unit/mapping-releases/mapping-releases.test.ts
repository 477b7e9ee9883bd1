import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Configuration } from '../../../src/config/configuration.ts';
import { createMappingReleases } from '../../../src/journal/mapping-releases.ts';
import { createMappingSource } from '../../../src/worker/mapping-source.ts';
import { defaultMappingText } from '../mapping/world.ts';

const note = { author: 'engineer', reason: 'a test', at: '2026-03-03T10:00:00.000Z' };
const newFolder = () => mkdtempSync(join(tmpdir(), 'ace-sync-releases-'));
const variant = (mark: string) => `# ${mark}\n${defaultMappingText}`;
const record = '006000000000001AAA';

describe('released mappings', () => {
  test('get numbers that grow, and the files are never changed', () => {
    const folder = newFolder();
    const releases = createMappingReleases(folder);
    assert.equal(releases.active(), null);
    const first = releases.activate('one', note);
    const second = releases.activate('two', note);
    assert.deepEqual([first.number, first.from, second.number, second.from], [1, null, 2, 1]);
    assert.equal(releases.read(first), 'one');
    const names = readdirSync(join(folder, 'mappings')).filter((name) => name.endsWith('.yaml'));
    assert.deepEqual(names, [first, second].map(({ number, hash }) => `${number}-${hash.slice(0, 16)}.yaml`).sort());
  });

  test('a release that was changed afterwards is refused', () => {
    const folder = newFolder();
    const releases = createMappingReleases(folder);
    const first = releases.activate('one', note);
    const path = join(folder, 'mappings', `1-${first.hash.slice(0, 16)}.yaml`);
    chmodSync(path, 0o600);
    writeFileSync(path, 'another');
    assert.throws(() => releases.read(first), { code: 'MAPPING_NOT_RELEASED', message: /changed after its release/ });
  });

  test('a rollback goes to the release that the active one replaced, step by step', () => {
    const releases = createMappingReleases(newFolder());
    for (const text of ['one', 'two']) releases.activate(text, note);
    assert.equal(releases.rollBack(null, note).number, 1);
    releases.activate('three', note);
    assert.equal(releases.rollBack(null, note).number, 1, 'the second one was bad');
    assert.throws(() => releases.rollBack(null, note), { message: /no earlier release/ });
    assert.equal(releases.rollBack(2, note).number, 2);
    assert.throws(() => releases.rollBack(9, note), { message: /no earlier release/ });
  });

  test('a sample leaves the active release as it is, until it is finished or rolled back', () => {
    const releases = createMappingReleases(newFolder());
    releases.activate('one', note);
    const sampled = releases.startCanary('two', [record], note);
    assert.deepEqual([sampled.number, sampled.canary?.number, sampled.canary?.records], [1, 2, [record]]);
    assert.deepEqual([releases.rollBack(null, note).number, releases.active()?.canary], [1, null]);
    releases.startCanary('three', [record], note);
    const finished = releases.finishCanary(note);
    assert.deepEqual([finished.number, finished.canary, finished.from], [3, null, 1]);
    assert.equal(releases.rollBack(null, note).number, 1);
  });

  test('a kill in the middle of a line or after a number was taken changes nothing', () => {
    const folder = newFolder();
    const releases = createMappingReleases(folder);
    releases.activate('one', note);
    appendFileSync(join(folder, 'mappings', 'releases.jsonl'), '{"id":"cut sho');
    writeFileSync(join(folder, 'mappings', '2.claimed'), '');
    assert.equal(releases.activate('two', note).number, 3);
    assert.deepEqual(
      releases.history().map(({ number }) => number),
      [1, 3],
    );
  });
});

describe('the mapping that a worker follows', () => {
  function connection() {
    const folder = newFolder();
    const mapping = join(folder, 'mapping.yaml');
    writeFileSync(mapping, defaultMappingText);
    const lines: unknown[] = [];
    const log = { info: (line: unknown) => lines.push(line), error: (line: unknown) => lines.push(line) };
    let time = Date.parse('2026-03-03T10:00:00Z');
    const config = { journal: { folder }, mapping } as Configuration;
    const source = createMappingSource(config, log as never, () => time);
    const later = () => {
      time += 30_000;
      return source.current();
    };
    return { folder, config, source, later, lines, releases: createMappingReleases(folder) };
  }

  test('is released as number 1 by the first start, and by no other', () => {
    const { source, releases, config } = connection();
    assert.match(source.current().mapping.version, /^1-[0-9a-f]{16}$/);
    assert.deepEqual([releases.active()?.reason, releases.history().length], ['first start', 1]);
    writeFileSync(config.mapping, variant('edited'));
    const again = createMappingSource(config, { info: () => {}, error: () => {} } as never);
    assert.match(again.current().mapping.version, /^1-/, 'an edited file is not released by a restart');
  });

  test('changes within 30 seconds of an activation or rollback', () => {
    const { source, later, releases } = connection();
    const first = source.current();
    releases.activate(variant('two'), note);
    assert.match(later().mapping.version, /^2-/);
    releases.rollBack(null, note);
    assert.equal(later().mapping.version, first.mapping.version);
  });

  test('stays when the new release cannot be used, which is logged once', () => {
    const { later, lines, releases } = connection();
    releases.activate('version: 1\nopportunity: nothing', note);
    assert.match(later().mapping.version, /^1-/);
    assert.match(later().mapping.version, /^1-/);
    assert.deepEqual(lines, [{ code: 'MAPPING_INVALID', mapping: later().mapping.version }]);
  });

  test('carries the sample beside it', () => {
    const { later, releases } = connection();
    releases.startCanary(variant('two'), [record], note);
    const { mapping, sample } = later();
    assert.match(mapping.version, /^1-/);
    assert.match(sample?.mapping.version ?? '', /^2-/);
    assert.deepEqual([...(sample?.records ?? [])], [record]);
  });

  test('a damaged active file is said so, not guessed', () => {
    const { folder, config } = connection();
    writeFileSync(join(folder, 'mappings', 'active.json'), '{');
    assert.throws(() => createMappingSource(config, { info: () => {}, error: () => {} } as never), {
      code: 'MAPPING_NOT_RELEASED',
    });
    assert.equal(readFileSync(config.mapping, 'utf8'), defaultMappingText);
  });
});
