import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readAceFile, writeAceFile } from '../../../src/ace/envelope.ts';

const key = 'opportunity-outbound/x.json';
const read = (content: string | Uint8Array) => readAceFile(Buffer.from(content), { key });

describe('files that are read', () => {
  for (const [version, expected] of [
    ['"1"', 1],
    ['"1.0"', 1],
    ['"1.9"', 1],
    ['"2"', 2],
    ['"2.0"', 2],
    ['2', 2],
    ['1.0', 1],
    ['null', null],
    ['"3"', null],
    ['[]', null],
  ] as const) {
    test(`version ${version} is read as ${expected}`, () => {
      const file = read(`{"version":${version},"spmsId":"123456789","opportunities":[{}]}`);
      assert.ok(file.ok);
      assert.equal(file.version, expected);
      const known = expected !== null || version === 'null';
      assert.equal(
        file.problems.some(({ code }) => code === 'ACE_VERSION'),
        !known,
      );
    });
  }

  test('a numeric spmsId and a missing one are accepted', () => {
    const numeric = read('{"version":"2","spmsId":123456,"leads":[]}');
    assert.ok(numeric.ok);
    assert.equal(numeric.spmsId, '123456');
    const missing = read('{"leads":[]}');
    assert.ok(missing.ok);
    assert.deepEqual([missing.spmsId, missing.version, missing.problems], [null, null, []]);
  });

  test('"Leads" and a byte order mark are tolerated with a warning each', () => {
    const file = read('\uFEFF{"version":"1","Leads":[{"apnCrmUniqueIdentifier":"L1"}]}');
    assert.ok(file.ok);
    assert.equal(file.object, 'lead');
    assert.deepEqual(file.records, [{ apnCrmUniqueIdentifier: 'L1' }]);
    assert.deepEqual(
      file.problems.map(({ code, severity }) => [code, severity]),
      [
        ['ACE_BYTE_ORDER_MARK', 'warning'],
        ['ACE_ENVELOPE_KEY_CASE', 'warning'],
      ],
    );
  });

  test('a record that is no object is named and the others keep their places', () => {
    const file = read('{"opportunities":[{"a":1},null,"x",{"b":2}]}');
    assert.ok(file.ok);
    assert.deepEqual(file.records, [{ a: 1 }, {}, {}, { b: 2 }]);
    assert.deepEqual(
      file.problems.map(({ code, record }) => [code, record]),
      [
        ['ACE_RECORD', 1],
        ['ACE_RECORD', 2],
      ],
    );
  });

  test('a number that a double cannot hold is an error of its record', () => {
    const file = read('{"opportunities":[{"a":1},{"b":12345678901234567890,"c":0.1,"d":1e400,"e":9007199254740993}]}');
    assert.ok(file.ok);
    assert.deepEqual(
      file.problems.map(({ code, record, field }) => [code, record, field]),
      [
        ['ACE_NUMBER_NOT_EXACT', 1, 'b'],
        ['ACE_NUMBER_NOT_EXACT', 1, 'd'],
        ['ACE_NUMBER_NOT_EXACT', 1, 'e'],
      ],
    );
  });

  test('ordinary money is exact', () => {
    const file = read(
      '{"opportunities":[{"a":123.0,"b":999999999999.99,"c":0.0,"d":-1.5e3,"e":100000000000000000000}]}',
    );
    assert.ok(file.ok);
    assert.deepEqual(file.problems, []);
  });

  test('keys that reach for prototypes are dropped, however they are spelled', () => {
    const file = read('{"opportunities":[{"\\u005f_proto__":{"polluted":1},"x":{"__proto__":2,"constructor":3}}]}');
    assert.ok(file.ok);
    assert.deepEqual(
      file.problems.map(({ code }) => code),
      ['ACE_FORBIDDEN_KEY'],
    );
    const merged = Object.assign({}, ...file.records);
    assert.equal(Reflect.get(merged, 'polluted'), undefined);
    assert.deepEqual(Object.keys(merged.x), ['constructor']);
  });
});

describe('files that are refused, with one clear problem', () => {
  const utf16 = Buffer.from('\uFEFF{"opportunities":[]}', 'utf16le');
  for (const [what, content, code] of [
    ['nothing', '', 'ACE_FILE_EMPTY'],
    ['blanks', ' \n\t', 'ACE_FILE_EMPTY'],
    ['a byte order mark alone', '\uFEFF', 'ACE_FILE_EMPTY'],
    ['a page', '<!DOCTYPE html><html></html>', 'ACE_NOT_JSON'],
    ['an S3 error', '<?xml version="1.0"?><Error/>', 'ACE_NOT_JSON'],
    ['UTF-16 with its mark', utf16, 'ACE_NOT_JSON'],
    ['UTF-16 without', utf16.subarray(2), 'ACE_NOT_JSON'],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), 'ACE_NOT_JSON'],
    ['Latin 1', Buffer.from('{"opportunities":[{"a":"M\u00fcller"}]}', 'latin1'), 'ACE_NOT_UTF8'],
    ['NUL bytes', Buffer.alloc(100), 'ACE_NOT_JSON'],
    ['a cut file', '{"opportunities":[{"a":1}', 'ACE_NOT_JSON'],
    ['NaN', '{"opportunities":[{"a":NaN}]}', 'ACE_NOT_JSON'],
    ['a comment', '{"opportunities":[] /* none */}', 'ACE_NOT_JSON'],
    ['a list', '[{"a":1}]', 'ACE_ENVELOPE'],
    ['a text', '"opportunities"', 'ACE_ENVELOPE'],
    ['null', 'null', 'ACE_ENVELOPE'],
    ['no records', '{"version":"1"}', 'ACE_ENVELOPE'],
    ['both lists', '{"leads":[],"opportunities":[]}', 'ACE_ENVELOPE'],
    ['records that are no list', '{"opportunities":{"0":{}}}', 'ACE_ENVELOPE'],
    ['a key twice', '{"opportunities":[{"stage":"Qualified","x":[{}],"stage":"Launched"}]}', 'ACE_DUPLICATE_KEY'],
    ['a key twice, once escaped', '{"opportunities":[{"stage":1,"st\\u0061ge":2}]}', 'ACE_DUPLICATE_KEY'],
    ['the list twice', '{"opportunities":[{}],"opportunities":[]}', 'ACE_DUPLICATE_KEY'],
    ['deep nesting', `{"opportunities":${'['.repeat(5000)}${']'.repeat(5000)}}`, 'ACE_TOO_DEEP'],
    ['half a megabyte of brackets', '['.repeat(500_000), 'ACE_TOO_DEEP'],
    ['more than 1 MB', `{"opportunities":["${'x'.repeat(1_048_576)}"]}`, 'ACE_FILE_TOO_LARGE'],
  ] as const) {
    test(what, () => {
      const file = read(content);
      assert.equal(file.ok, false);
      assert.deepEqual(
        file.problems.map((problem) => [problem.code, problem.severity, problem.record]),
        [[code, 'error', null]],
      );
    });
  }

  test('equal keys in different objects are no duplicates', () => {
    const file = read('{"opportunities":[{"a":{"a":1},"b":["a","a"]},{"a":"}\\"{[a:"}]}');
    assert.ok(file.ok);
    assert.deepEqual(file.problems, []);
  });
});

describe('files that are written', () => {
  const records = [{ apnCrmUniqueIdentifier: 'O1', closedLostReason: 'Lost to Competitor – Other', awsProducts: null }];

  test('are read back as they were', () => {
    for (const object of ['opportunity', 'lead'] as const) {
      const file = readAceFile(writeAceFile({ object, version: 2, spmsId: '1', records }), { key });
      assert.deepEqual(file, { ok: true, object, version: 2, spmsId: '1', records, problems: [] });
    }
  });

  test('hold a text version and no byte order mark', () => {
    const bytes = writeAceFile({ object: 'lead', version: 1, spmsId: null, records: [{}] });
    assert.equal(bytes.toString(), '{"version":"1","leads":[{}]}');
  });

  test('stay within 50 records and below 1 MB', () => {
    const of = (count: number, size: number) => () =>
      writeAceFile({ object: 'lead', version: 1, spmsId: null, records: Array(count).fill({ a: 'x'.repeat(size) }) });
    assert.throws(of(0, 1), RangeError);
    assert.throws(of(51, 1), RangeError);
    assert.throws(of(2, 524_288), RangeError);
    of(50, 1)();
  });
});
