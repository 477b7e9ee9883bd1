/** Formula language of validation rules, formula fields and automation: syntax only. */

export type Formula =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'field'; readonly path: readonly string[] }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Formula[] }
  | { readonly kind: 'operator'; readonly operator: Operator; readonly left: Formula; readonly right: Formula };

export type Operator = '+' | '-' | '*' | '/' | '^' | '&' | '&&' | '||' | '=' | '<>' | '<' | '>' | '<=' | '>=';

export class FormulaSyntaxError extends Error {
  override readonly name = 'FormulaSyntaxError';
}

type Token =
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'symbol'; readonly text: string };

const tokenPattern =
  /\s+|\/\*[\s\S]*?\*\/|(?<number>\d+(?:\.\d+)?|\.\d+)|(?<string>"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*')|(?<name>\$?[A-Za-z_][\w]*(?:\.\$?[A-Za-z_]\w*)*)|(?<symbol><>|<=|>=|!=|==|&&|\|\||[-+*/^&=<>!(),])/y;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const at = tokenPattern.lastIndex;
    const match = tokenPattern.exec(text);
    if (match === null) throw new FormulaSyntaxError(`Syntax error. Found '${text.charAt(at)}'`);
    for (const kind of ['number', 'string', 'name', 'symbol'] as const) {
      const found = match.groups?.[kind];
      if (found !== undefined) tokens.push({ kind, text: found });
    }
  }
  return tokens;
}

const spelling: Readonly<Record<string, Operator>> = {
  '!=': '<>',
  '==': '=',
};

/** Operators from the loosest to the tightest binding. */
const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['=', '==', '<>', '!='],
  ['<', '>', '<=', '>='],
  ['&'],
  ['+', '-'],
  ['*', '/'],
  ['^'],
];

/** @throws FormulaSyntaxError in the words of Salesforce's formula editor. */
export function parseFormula(text: string): Formula {
  const tokens = tokenize(text);
  let position = 0;
  const peek = () => tokens[position];
  const isSymbol = (symbols: readonly string[]) => {
    const token = peek();
    return token?.kind === 'symbol' && symbols.includes(token.text);
  };
  const expect = (symbol: string) => {
    if (!isSymbol([symbol])) {
      const found = peek();
      throw new FormulaSyntaxError(
        found ? `Syntax error. Missing '${symbol}'. Found '${found.text}'` : `Syntax error. Missing '${symbol}'`,
      );
    }
    position++;
  };

  const binary = (level: number): Formula => {
    const symbols = levels[level];
    if (symbols === undefined) return unary();
    let left = binary(level + 1);
    while (isSymbol(symbols)) {
      const text = peek()?.text ?? '';
      position++;
      left = { kind: 'operator', operator: spelling[text] ?? (text as Operator), left, right: binary(level + 1) };
    }
    return left;
  };
  const unary = (): Formula => {
    if (isSymbol(['!'])) {
      position++;
      return { kind: 'call', name: 'NOT', arguments: [unary()] };
    }
    if (isSymbol(['-'])) {
      position++;
      return { kind: 'operator', operator: '-', left: { kind: 'literal', value: 0 }, right: unary() };
    }
    if (isSymbol(['+'])) {
      position++;
      return unary();
    }
    return primary();
  };
  const primary = (): Formula => {
    const token = peek();
    if (token === undefined) throw new FormulaSyntaxError('Syntax error. Found end of formula');
    if (isSymbol(['('])) {
      position++;
      const inner = binary(0);
      expect(')');
      return inner;
    }
    position++;
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
    if (token.kind === 'string') return { kind: 'literal', value: unquote(token.text) };
    if (token.kind === 'symbol') throw new FormulaSyntaxError(`Syntax error. Found '${token.text}'`);
    if (isSymbol(['('])) return call(token.text.toUpperCase());
    const word = token.text.toUpperCase();
    if (word === 'TRUE' || word === 'FALSE') return { kind: 'literal', value: word === 'TRUE' };
    if (word === 'NULL') return { kind: 'literal', value: null };
    return { kind: 'field', path: token.text.split('.') };
  };
  const call = (name: string): Formula => {
    expect('(');
    const parameters: Formula[] = [];
    if (!isSymbol([')'])) {
      parameters.push(binary(0));
      while (isSymbol([','])) {
        position++;
        parameters.push(binary(0));
      }
    }
    expect(')');
    return { kind: 'call', name, arguments: parameters };
  };

  const formula = binary(0);
  const rest = peek();
  if (rest !== undefined) throw new FormulaSyntaxError(`Syntax error. Extra '${rest.text}'`);
  return formula;
}

const unquote = (quoted: string): string =>
  quoted
    .slice(1, -1)
    .replace(/\\(.)/gs, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped === 't' ? '\t' : escaped));
