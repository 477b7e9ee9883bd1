import type { FunctionExp, Query } from '@jetstreamapp/soql-parser-js';
import { errors } from '../org/salesforce-error.ts';

/** One condition as the parser leaves it: parentheses are counters on the conditions. */
export interface RawCondition {
  readonly field?: string;
  readonly fn?: FunctionExp;
  readonly operator: string;
  readonly value?: string | readonly string[];
  readonly literalType?: string | readonly string[];
  readonly valueQuery?: Query;
  readonly openParen?: number;
  readonly closeParen?: number;
}

interface RawNode {
  readonly left: (Partial<RawCondition> & { readonly openParen?: number }) | null;
  readonly operator?: string;
  readonly right?: RawNode;
}

export type ConditionTree =
  | { readonly kind: 'condition'; readonly condition: RawCondition }
  | { readonly kind: 'not'; readonly inner: ConditionTree }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly ConditionTree[] };

type Token = '(' | ')' | 'NOT' | 'AND' | 'OR' | RawCondition;

/** The parser's WHERE is a list that leans to the right; this is the flat text again, condition by condition. */
function flatten(where: unknown): Token[] {
  const tokens: Token[] = [];
  const repeat = (token: '(' | ')', times: number | undefined) => {
    for (let count = times ?? 0; count > 0; count--) tokens.push(token);
  };
  for (let node = where as RawNode | undefined; node !== undefined; node = node.right) {
    repeat('(', node.left?.openParen);
    if (node.operator === 'NOT') {
      tokens.push('NOT');
      continue;
    }
    if (node.left !== null) tokens.push(node.left as RawCondition);
    repeat(')', node.left?.closeParen);
    if (node.operator === 'AND' || node.operator === 'OR') tokens.push(node.operator);
  }
  return tokens;
}

/** Builds the tree. @throws MALFORMED_QUERY where AND and OR stand side by side without parentheses, as SOQL does. */
export function conditionTree(where: unknown): ConditionTree {
  const tokens = flatten(where);
  let position = 0;
  const expression = (): ConditionTree => {
    const parts = [term()];
    let joiner: 'AND' | 'OR' | null = null;
    for (;;) {
      const token = tokens[position];
      if (token !== 'AND' && token !== 'OR') break;
      if (joiner !== null && joiner !== token) throw errors.malformedQuery(`unexpected token: '${token}'`);
      joiner = token;
      position++;
      parts.push(term());
    }
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) return only;
    return { kind: joiner === 'OR' ? 'or' : 'and', parts };
  };
  const term = (): ConditionTree => {
    const token = tokens[position++];
    if (token === 'NOT') return { kind: 'not', inner: term() };
    if (token === '(') {
      const inner = expression();
      if (tokens[position] !== ')') throw errors.malformedQuery("expecting a right parentheses, found '<EOF>'");
      position++;
      return inner;
    }
    if (token === undefined || typeof token === 'string')
      throw errors.malformedQuery(`unexpected token: '${token ?? '<EOF>'}'`);
    return { kind: 'condition', condition: token };
  };
  const tree = expression();
  if (position < tokens.length) throw errors.malformedQuery("unexpected token: ')'");
  return tree;
}
