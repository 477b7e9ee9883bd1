/** Files as broken writers, transfers and people make them: 2,000 of them from a seed. */

import { gzipSync } from 'node:zlib';
import { lead, mandatoryCreate } from './sample-records.ts';

/** Stands in every text value, so that a message which repeats a value gives itself away. */
export const secret = 'Tr0ub4dor';

export interface MutatedFile {
  readonly says: string;
  readonly bytes: Buffer;
}

/** Small generator with a period far beyond what is needed here (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const marked = (record: object): object => ({ ...record, customerFirstName: secret, title: secret, nextStep: secret });

const whole: readonly string[] = [
  JSON.stringify({
    version: '1',
    spmsId: '123456',
    opportunities: [marked(mandatoryCreate(1)), marked(mandatoryCreate(1))],
  }),
  JSON.stringify({
    version: '2',
    spmsId: '123456',
    opportunities: [marked({ ...mandatoryCreate(2), apnCrmUniqueIdentifier: 'O1' })],
  }),
  JSON.stringify({ version: '1', leads: [marked(lead), marked({ ...lead, apnCrmUniqueIdentifier: 'L2' })] }, null, 2),
  JSON.stringify({
    success: 'NONE',
    spmsId: '1',
    isApiError: false,
    inboundApiResults: [
      { partnerCrmUniqueIdentifier: 'a', isSuccess: false, errors: [secret], apnCrmUniqueIdentifier: null },
    ],
    fileName: 'opportunity-inbound/a.json',
    fileApnProcessedDT: '2023-05-28T15:21:22.331Z',
    apiErrors: null,
  }),
];

type Mutate = (text: string, random: () => number) => string | Buffer;

const at = (text: string, random: () => number): number => Math.floor(random() * text.length);
const pick = <Item>(list: readonly [Item, ...Item[]], random: () => number): Item =>
  list[Math.floor(random() * list.length)] ?? list[0];

/** Replaces one JSON value, chosen at random, by another text. */
function replaceValue(text: string, random: () => number, by: string): string {
  const values = [...text.matchAll(/:\s*("(?:[^"\\]|\\.)*"|-?[0-9.]+|null|true|false)/g)];
  const chosen = values[Math.floor(random() * values.length)];
  if (chosen === undefined) return text;
  return `${text.slice(0, chosen.index)}:${by}${text.slice(chosen.index + chosen[0].length)}`;
}

function repeatKey(text: string, random: () => number): string {
  const pairs = [...text.matchAll(/"([A-Za-z]+)":\s*("(?:[^"\\]|\\.)*"|-?[0-9.]+|null|true|false)/g)];
  const chosen = pairs[Math.floor(random() * pairs.length)];
  if (chosen === undefined) return text;
  const key = random() < 0.3 ? `\\u00${chosen[1]?.charCodeAt(0).toString(16)}${chosen[1]?.slice(1)}` : chosen[1];
  return `${text.slice(0, chosen.index)}"${key}":"${secret}",${text.slice(chosen.index)}`;
}

const mutations: readonly (readonly [says: string, mutate: Mutate])[] = [
  ['truncated', (text, random) => text.slice(0, at(text, random))],
  ['truncated in a byte', (text, random) => Buffer.from(`${text.slice(0, at(text, random))}é`).subarray(0, -1)],
  [
    'a byte changed',
    (text, random) => {
      const bytes = Buffer.from(text);
      bytes[at(text, random)] = Math.floor(random() * 256);
      return bytes;
    },
  ],
  [
    'a character removed',
    (text, random) => {
      const where = at(text, random);
      return text.slice(0, where) + text.slice(where + 1);
    },
  ],
  [
    'characters inserted',
    (text, random) => {
      const where = at(text, random);
      return (
        text.slice(0, where) +
        pick(['"', '{', ']', ',', '\\', '\0', 'NaN', '//', '\u2028', '\uFEFF'], random) +
        text.slice(where)
      );
    },
  ],
  [
    'a value of another type',
    (text, random) =>
      replaceValue(
        text,
        random,
        pick(['{}', '[]', '[[1]]', 'true', '0', '-1', '""', 'null', '{"a":{"b":[1]}}', '" "'], random),
      ),
  ],
  [
    'a huge number',
    (text, random) =>
      replaceValue(
        text,
        random,
        pick(
          ['1e400', '-1e400', '9007199254740993', '1'.repeat(400), `0.${'1'.repeat(40)}`, '1e-400', '1e999999999'],
          random,
        ),
      ),
  ],
  ['a long text', (text, random) => replaceValue(text, random, `"${'x'.repeat(Math.floor(random() * 60_000))}"`)],
  [
    'deep nesting',
    (text, random) => {
      const depth = 1 + Math.floor(random() * 100_000);
      return replaceValue(
        text,
        random,
        random() < 0.5 ? '['.repeat(depth) + ']'.repeat(depth) : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
      );
    },
  ],
  ['a key twice', repeatKey],
  [
    'a prototype key',
    (text, random) =>
      replaceValue(
        text,
        random,
        pick([`{"__proto__":{"polluted":"${secret}"}}`, `{"constructor":{"prototype":{"polluted":1}}}`], random),
      ),
  ],
  [
    'a prototype key in a record',
    (text, random) =>
      text.replace(
        /\[\s*\{/,
        `[{${pick(['"__proto__"', '"\\u005f_proto__"', '"constructor"', '"toString"', '"hasOwnProperty"'], random)}:{"polluted":1},`,
      ),
  ],
  ['a byte order mark', (text) => `\uFEFF${text}`],
  ['two byte order marks', (text) => `\uFEFF\uFEFF${text}`],
  ['UTF-16', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
  ['UTF-16 without mark', (text) => Buffer.from(text, 'utf16le')],
  ['UTF-16, the other way', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ['Latin 1', (text) => Buffer.from(text.replace(secret, `M\u00fcller`), 'latin1')],
  ['HTML', () => `<html><body>503 Service Unavailable ${secret}</body></html>`],
  ['XML', () => `<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>${secret}</Message></Error>`],
  ['empty', () => ''],
  ['blanks', (_text, random) => ' \n\t\r'.repeat(Math.floor(random() * 100))],
  ['NUL bytes', (text, random) => Buffer.alloc(Math.floor(random() * text.length))],
  ['gzip', (text) => gzipSync(text)],
  ['twice in one file', (text) => text + text],
  ['a list of files', (text) => `[${text},${text}]`],
  ['a line per file', (text) => `${text}\n${text}`],
  [
    'in other case',
    (text, random) =>
      text.replace(
        pick(['"opportunities"', '"leads"', '"version"', '"spmsId"', '"inboundApiResults"'], random),
        (key) => key.toUpperCase(),
      ),
  ],
  ['without envelope', (text) => text.replace(/^.*?\[/s, '[').replace(/\][^\]]*$/s, ']')],
  [
    'records that are none',
    (text, random) => text.replace(/\[\s*\{/, `[${pick(['null', '1', `"${secret}"`, '[]', 'true'], random)},{`),
  ],
  ['both lists', (text) => text.replace('{', '{"leads":[],"opportunities":[],')],
  [
    'a list that is none',
    (text, random) =>
      text.replace(
        /"(opportunities|leads|inboundApiResults)":\s*\[/,
        `"$1":${pick(['{}', 'null', '"x"', '5'], random)},"rest":[`,
      ),
  ],
  [
    'another version',
    (text, random) =>
      text.replace(
        /"version":"."/,
        `"version":${pick(['3', '"0"', '"2.0"', '1.5', 'null', '[]', '"latest"', '1e9'], random)}`,
      ),
  ],
  ['single quotes', (text) => text.replaceAll('"', "'")],
  ['smart quotes', (text) => text.replaceAll('"', '\u201d')],
  ['a trailing comma', (text) => text.replace(/\]/, ',]')],
  ['a comment', (text) => `/* export */ ${text}`],
  ['half a character', (text, random) => replaceValue(text, random, '"\\ud83d"')],
  ['control characters', (text, random) => replaceValue(text, random, '"a\\u0000\\u0008b"')],
  ['many records', (text, random) => text.replace(/\[\s*\{/, `[${'{},'.repeat(Math.floor(random() * 5_000))}{`)],
  ['more than 1 MB', (text) => text + ' '.repeat(1_048_577 - text.length)],
];

/** The same files for the same seed. */
export function mutatedFiles(count: number, seed: number): readonly MutatedFile[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, index) => {
    const [says, mutate] = mutations[index % mutations.length] ?? ['none', (text: string) => text];
    const text = whole[Math.floor(random() * whole.length)] ?? '';
    // Now and then two accidents meet.
    const first = mutate(text, random);
    const second = random() < 0.2 ? pick(mutations as [(typeof mutations)[number]], random)[1] : undefined;
    const made = second === undefined || typeof first !== 'string' ? first : second(first, random);
    return { says: `${index} ${says}`, bytes: Buffer.from(made) };
  });
}
