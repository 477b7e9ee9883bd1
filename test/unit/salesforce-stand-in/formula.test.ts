import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateFormula, type FormulaValue } from '../../../src/sandbox/salesforce/formula/evaluate-formula.ts';
import { FormulaSyntaxError, parseFormula } from '../../../src/sandbox/salesforce/formula/parse-formula.ts';

const at = (iso: string): FormulaValue => ({ kind: 'datetime', milliseconds: Date.parse(iso) });

function evaluate(
  text: string,
  fields: Record<string, FormulaValue> = {},
  prior: Record<string, FormulaValue> | null = null,
): FormulaValue {
  return evaluateFormula(parseFormula(text), {
    field: (path) => fields[path.join('.')] ?? null,
    prior: (path) => (prior ?? fields)[path.join('.')] ?? null,
    isNew: prior === null,
    now: () => Date.parse('2026-11-21T10:00:00Z'),
  });
}

test('operators bind as in Salesforce, and text is joined with &', () => {
  const cases: readonly [string, FormulaValue][] = [
    ['1 + 2 * 3 ^ 2', 19],
    ['(1 + 2) * 3 - 4 / 2', 7],
    ['-2 + 3', 1],
    ['"a" & "b" = "ab"', true],
    ['1 < 2 && 2 >= 2 || FALSE', true],
    ['!(1 <> 1)', true],
    ['1 == 1 && 1 != 2', true],
    ['IF(1 > 2, "yes", "no")', 'no'],
    ['CASE("b", "a", 1, "b", 2, 3)', 2],
    ['CASE("z", "a", 1, "b", 2, 3)', 3],
    ['LEN(TRIM("  abc ")) + MOD(7, 4)', 6],
    ['LEFT("abcdef", 2) & RIGHT("abcdef", 2) & MID("abcdef", 3, 2)', 'abefcd'],
    ['SUBSTITUTE("a-b-c", "-", "")', 'abc'],
    ['CONTAINS("abc", "b") && BEGINS("abc", "ab") && REGEX("A12", "[A-Z][0-9]+")', true],
    ['ROUND(2.345, 2) + MAX(1, 5, 3) + MIN(4, 2) + ABS(-1) + FLOOR(1.9) + CEILING(1.1)', 13.35],
    ['YEAR(TODAY()) * 100 + MONTH(TODAY())', 202611],
    ['TODAY() - DATE(2026, 11, 1)', 20],
    ['TEXT(DATE(2026, 1, 31) + 1)', '2026-02-01'],
    ['DATEVALUE("2026-11-21") = TODAY()', true],
    ['/* a comment */ VALUE("5") * 2', 10],
    ['\'single\' & "do\\"uble"', 'singledo"uble'],
  ];
  for (const [text, expected] of cases) assert.deepEqual(evaluate(text), expected, text);
});

test('a blank compares as nothing: no order, equal only to a blank', () => {
  assert.equal(evaluate('A < 5', { A: null }), false);
  assert.equal(evaluate('A >= 5', { A: null }), false);
  assert.equal(evaluate('A = ""', { A: null }), true);
  assert.equal(evaluate('ISBLANK(A) && BLANKVALUE(A, "x") = "x"', { A: '' }), true);
  assert.equal(evaluate('Changed < PRIORVALUE(Changed)', { Changed: null }, { Changed: at('2026-01-01') }), false);
});

test('rules see the value before the save, whether it changed, and whether the record is new', () => {
  const [old, fresh] = [at('2026-01-01T00:00:00Z'), at('2026-01-01T00:00:01Z')];
  const rule = 'AND(NOT(ISNEW()), Changed < PRIORVALUE(Changed))';
  assert.equal(evaluate(rule, { Changed: old }), false, 'on an insert');
  assert.equal(evaluate(rule, { Changed: old }, { Changed: fresh }), true);
  assert.equal(evaluate(rule, { Changed: fresh }, { Changed: old }), false);
  assert.equal(evaluate(rule, { Changed: old }, { Changed: old }), false);
  assert.equal(evaluate('ISCHANGED(Stage)', { Stage: 'a' }, { Stage: 'b' }), true);
  assert.equal(evaluate('ISCHANGED(Stage)', { Stage: 'a' }), false, 'nothing changes on an insert');
  assert.equal(evaluate('ISPICKVAL(PRIORVALUE(Stage), "b")', { Stage: 'a' }, { Stage: 'b' }), true);
});

test('AND and OR stop early, so that a guard protects what follows', () => {
  assert.equal(evaluate('AND(FALSE, REGEX("a", "("))'), false);
  assert.equal(evaluate('OR(TRUE, REGEX("a", "("))'), true);
});

test('a formula that cannot be read says where', () => {
  const cases: readonly [string, RegExp][] = [
    ['', /Found end of formula/],
    ['IF(', /end of formula/],
    ['IF(1, 2', /Missing '\)'/],
    ['1 +', /end of formula/],
    ['1 2', /Extra '2'/],
    ['A ; B', /Found ';'/],
    [', 1', /Found ','/],
  ];
  for (const [text, message] of cases)
    assert.throws(
      () => parseFormula(text),
      (error) => error instanceof FormulaSyntaxError && message.test(error.message),
      text,
    );
});
