import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseQuery } from '@jetstreamapp/soql-parser-js';
import fc from 'fast-check';
import { type ConditionTree, conditionTree } from '../../../src/sandbox/salesforce/soql/condition-tree.ts';
import { dateLiteralSpan } from '../../../src/sandbox/salesforce/soql/dates.ts';

const show = (tree: ConditionTree): string => {
  switch (tree.kind) {
    case 'condition':
      return String(tree.condition.field);
    case 'not':
      return `NOT ${show(tree.inner)}`;
    default:
      return `(${tree.parts.map(show).join(` ${tree.kind.toUpperCase()} `)})`;
  }
};
const read = (where: string): string => show(conditionTree(parseQuery(`SELECT Id FROM X WHERE ${where}`).where));

test('the conditions of a query keep their parentheses', () => {
  const cases: readonly [string, string][] = [
    ['A = 1', 'A'],
    ['A = 1 AND B = 2 AND C = 3', '(A AND B AND C)'],
    ['(A = 1 OR B = 2) AND C = 3', '((A OR B) AND C)'],
    ['A = 1 AND (B = 2 OR (C = 3 AND D = 4))', '(A AND (B OR (C AND D)))'],
    ['NOT A = 1', 'NOT A'],
    ['(NOT A = 1) AND B = 2', '(NOT A AND B)'],
    ['NOT (A = 1 AND B = 2)', 'NOT (A AND B)'],
    ['A = 1 AND (NOT (B = 2 OR C = 3))', '(A AND NOT (B OR C))'],
    ['((A = 1))', 'A'],
  ];
  for (const [where, expected] of cases) assert.equal(read(where), expected, where);
  assert.throws(() => read('A = 1 AND B = 2 OR C = 3'), /unexpected token: 'OR'/);
});

interface Node {
  readonly text: string;
  readonly shown: string;
}
const negated = ({ text, shown }: Node): Node => ({ text: `(NOT (${text}))`, shown: `NOT ${shown}` });
const grouped = (part: fc.Arbitrary<Node>): fc.Arbitrary<Node> =>
  fc.tuple(fc.constantFrom('AND', 'OR'), fc.array(part, { minLength: 2, maxLength: 3 })).map(([joiner, parts]) => ({
    text: `(${parts.map((one) => one.text).join(` ${joiner} `)})`,
    shown: `(${parts.map((one) => one.shown).join(` ${joiner} `)})`,
  }));

test('any nesting of conditions survives the way through the parser, up to two NOTs in a row', () => {
  // Version 6.3.1 loses the middle one of three NOTs in front of a condition; the tree is then refused as malformed.
  const leaf = fc.constantFrom('A', 'B', 'C').map((name): Node => ({ text: `${name} = 1`, shown: name }));
  const inner = fc.oneof(leaf, leaf.map(negated));
  const group = grouped(inner);
  const tree = grouped(fc.oneof(inner, group, group.map(negated), grouped(fc.oneof(leaf, group))));
  fc.assert(fc.property(tree, ({ text, shown }) => assert.equal(read(text), shown)));
});

test('date literals span what their names say, in UTC', () => {
  const now = Date.parse('2026-11-21T10:00:00Z'); // a Saturday
  const cases: readonly [string, string, string][] = [
    ['TODAY', '2026-11-21', '2026-11-22'],
    ['YESTERDAY', '2026-11-20', '2026-11-21'],
    ['THIS_WEEK', '2026-11-15', '2026-11-22'],
    ['LAST_MONTH', '2026-10-01', '2026-11-01'],
    ['NEXT_QUARTER', '2027-01-01', '2027-04-01'],
    ['THIS_FISCAL_YEAR', '2026-01-01', '2027-01-01'],
    ['LAST_N_DAYS:2', '2026-11-19', '2026-11-22'],
    ['NEXT_N_DAYS:2', '2026-11-22', '2026-11-24'],
    ['N_DAYS_AGO:1', '2026-11-20', '2026-11-21'],
    ['LAST_N_MONTHS:1', '2026-10-01', '2026-11-01'],
  ];
  for (const [literal, from, to] of cases)
    assert.deepEqual(dateLiteralSpan(literal, now), { from: Date.parse(from), to: Date.parse(to) }, literal);
  assert.equal(dateLiteralSpan('SOMEDAY', now), null);
});
