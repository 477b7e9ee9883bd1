import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkFile } from '../../../src/ace/check.ts';
import { readAceFile } from '../../../src/ace/envelope.ts';
import { readProcessedResult } from '../../../src/ace/processed-result.ts';
import { decideInboundFile } from '../../../src/sandbox/ace/inbound-file.ts';
import { createChance } from '../../../src/sandbox/ace/random.ts';
import type { Effect } from '../../../src/sandbox/ace/state.ts';
import { openDraft } from '../../../src/sandbox/ace/world.ts';
import { mandatory } from '../../integration/ace-simulator/sample-records.ts';
import { memoryWorld } from './memory-world.ts';

const chance = createChance(2000);
const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

/** Ways to spoil a file; each gets the text of a good one. */
const mutations: readonly ((text: string, number: number) => string | Buffer)[] = [
  (text, number) => text.slice(0, chance.whole(0, text.length, 'cut', number)),
  (text, number) => {
    const at = chance.whole(0, text.length - 1, 'flip', number);
    return text.slice(0, at) + String.fromCharCode(chance.whole(0, 0xffff, 'to', number)) + text.slice(at + 1);
  },
  (text, number) => {
    const bytes = Buffer.from(text);
    bytes[chance.whole(0, bytes.length - 1, 'byte', number)] = chance.whole(0, 255, 'value', number);
    return bytes;
  },
  (text) => text.replace('5000', '1e999'),
  (text) => text.replace('5000', '9'.repeat(400)),
  (text) => text.replace('5000', deep(100_000)),
  (text) => text.replace('"Healthcare"', '{"toString":null}'),
  (text) => text.replace('"Healthcare"', '[1,2,3]'),
  (text) => text.replace('"industry"', '"__proto__"'),
  (text) => text.replace('"industry":"Healthcare"', '"__proto__":{"isAdmin":true},"constructor":{"prototype":{"x":1}}'),
  (text) => text.replace('"industry"', '"country"'),
  (text) => `\uFEFF${text}`,
  (text) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  (text) => Buffer.from(text, 'utf16le').swap16(),
  (text) => `<html><body>${text}</body></html>`,
  () => '',
  () => 'null',
  () => '"text"',
  () => '[]',
  (text) => text.replace('"opportunities":[', '"opportunities":['.repeat(30)),
  (text) => text.replace('"opportunities"', '"Opportunities"'),
  (text) => text.replace('"opportunities":[{', '"opportunities":[null,7,"x",[],{'),
  (text) => text.replace('"1"', '{"version":"1"}'),
  (text) => text.replace('"Healthcare"', `"${'x'.repeat(40_000)}"`),
];

test('2,000 spoiled files: one clear answer each, from the checker, the reader and the simulator, and no crash', () => {
  const world = memoryWorld(1);
  for (let number = 0; number < 2_000; number += 1) {
    const good = JSON.stringify({ version: '1', spmsId: '123456', opportunities: [mandatory(1, `006${number}`)] });
    const spoiled = mutations[number % mutations.length]?.(good, number) ?? '';
    const bytes = Buffer.from(spoiled);

    const key = `opportunity-inbound/spoiled-${number}.json`;
    const reading = readAceFile(bytes, { key });
    const checked = checkFile(bytes, { today: '2026-03-02', key });
    assert.equal(checked.readable, reading.ok);
    assert.ok(reading.ok || reading.problems.length > 0);

    const effects: Effect[] = [];
    const draft = { ...openDraft(world.store), effect: (effect: Effect) => void effects.push(effect) };
    const outcome = decideInboundFile(world, draft, { object: 'opportunity', key, etag: '"e"', bytes });
    const answers = effects.filter((effect) => effect.key.startsWith('opportunity-inbound-processed-results/'));
    assert.equal(answers.length, 1, `file ${number}`);
    const [answer] = answers;
    assert.ok(answer?.kind === 'put');
    const result = readProcessedResult(Buffer.from(answer.body, 'base64'), { key: answer.key });
    assert.ok(result.ok, `file ${number}`);
    assert.equal(result.fileName, key);
    if (outcome === 'rejected') assert.ok(result.wholeFileError, `file ${number}`);
    else assert.ok(reading.ok && result.results.length === reading.records.length, `file ${number}`);
    if (!reading.ok) assert.equal(outcome, 'rejected', `file ${number}`);
  }
  assert.equal(({} as Record<string, unknown>).isAdmin, undefined);
});
