import jsonata from 'jsonata';
import { countriesWithoutPostalCode } from '../ace/data/postal-formats.ts';
import { plainNumber } from './canonical.ts';
import { conversion } from './conversions.ts';

/**
 * Expressions of the mapping file: JSONata, compiled once. They must be deterministic, because one name means one
 * content (design.md, rule 3), so functions of time and chance are refused.
 */
export interface Expression {
  readonly source: string;
  /** Dotted paths that the expression reads from its input. */
  readonly reads: readonly string[];
  /**
   * Evaluates; undefined means "no value".
   * @throws Error without record values when the expression fails or does not end.
   */
  evaluate(input: unknown, bindings?: Readonly<Record<string, unknown>>): Promise<unknown>;
}

const refused = new Set(['now', 'millis', 'random', 'shuffle', 'eval']);
const withoutPostalCode: ReadonlySet<unknown> = new Set(countriesWithoutPostalCode);
const countryName = (value: unknown): unknown => conversion('countryName').out(value);

/** Functions that expressions have beside JSONata's own. */
const ownFunctions: Readonly<Record<string, (value: unknown) => unknown>> = {
  /** A number in plain digits: JSONata makes 1e+21 of large ones, which ACE does not take. */
  plain: (value) => (typeof value === 'number' ? plainNumber(value) : value),
  /** ACE's name of a country, from a code or another spelling. */
  countryName,
  /** False for countries that have no postal code, to which ACE wants none sent. */
  hasPostalCode: (value) => !withoutPostalCode.has(countryName(value)),
};

/**
 * Steps of one evaluation. A mapping expression takes some dozens; more is an endless recursion. Steps and not time,
 * because many records are evaluated at once and a busy machine must not change what a record becomes.
 */
const stepLimit = 100_000;
const stackLimit = 500;

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const member of value) yield* nodesOf(member);
  else if (isNode(value)) {
    yield value;
    for (const part of Object.values(value)) yield* nodesOf(part);
  }
}

function pathOf(node: Node): string | null {
  const steps = node.type === 'path' && Array.isArray(node.steps) ? node.steps.filter(isNode) : [];
  const [first, ...rest] = steps;
  const named = first?.type === 'variable' ? [{ ...first, value: `$${String(first.value)}` }, ...rest] : steps;
  const names: string[] = [];
  for (const step of named) {
    if (step.type !== 'name' && step.type !== 'variable') break;
    names.push(String(step.value));
  }
  return names.length === 0 ? null : names.join('.');
}

/**
 * Compiles one expression.
 * @throws Error with JSONata's own sentence, or naming the refused function.
 */
export function compileExpression(source: string): Expression {
  const program = parse(source);
  const nodes = [...nodesOf(program.ast())];
  const call = nodes.find((node) => node.type === 'variable' && refused.has(String(node.value)));
  if (call !== undefined) {
    throw new Error(`expected a deterministic expression, got one that uses $${String(call.value)}`);
  }
  const reads = [...new Set(nodes.map(pathOf).filter((path) => path !== null))];
  return {
    source,
    reads,
    evaluate: async (input, bindings) => {
      try {
        return withoutSequence(await program.evaluate(input, bindings));
      } catch (cause) {
        throw new Error(`the expression failed (${codeOf(cause)})`);
      }
    },
  };
}

function parse(source: string): jsonata.Expression {
  try {
    const program = jsonata(source, { stack: stackLimit });
    limitSteps(program);
    for (const [name, implementation] of Object.entries(ownFunctions)) program.registerFunction(name, implementation);
    return program;
  } catch (cause) {
    throw new Error(`expected a JSONata expression, got: ${isNode(cause) ? String(cause.message) : 'an error'}`);
  }
}

/** JSONata calls this hook at each step, with the frame of the evaluation that the step belongs to. */
const stepHook: unknown = Symbol.for('jsonata.__evaluate_entry');

function limitSteps(program: jsonata.Expression): void {
  const counts = new WeakMap<object, number>();
  const count = (_node: unknown, _input: unknown, environment: unknown): void => {
    const frame: unknown = isNode(environment) ? environment.base : undefined;
    if (!isNode(frame)) return;
    const steps = (counts.get(frame) ?? 0) + 1;
    if (steps > stepLimit) throw new Error(`expected at most ${stepLimit} steps`);
    counts.set(frame, steps);
  };
  // JSONata's types know text names only.
  Reflect.apply(program.assign, program, [stepHook, count]);
}

/** JSONata's own error codes (S…, T…, D…) name the fault; its sentences can hold the record's values. */
const codeOf = (cause: unknown): string => (isNode(cause) && typeof cause.code === 'string' ? cause.code : 'unknown');

const withoutSequence = (value: unknown): unknown => (Array.isArray(value) ? [...value] : value);

/** A nested object from dotted paths, as expressions read it: `{ 'Account.Name': x }` becomes `{ Account: { Name: x } }`. */
export function nest(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const root: Record<string, unknown> = Object.create(null);
  for (const [path, value] of Object.entries(fields)) {
    const names = path.split('.');
    const last = names.pop() ?? path;
    let at = root;
    for (const name of names) {
      const next = at[name];
      at[name] = isNode(next) ? next : Object.create(null);
      at = at[name] as Record<string, unknown>;
    }
    at[last] = value;
  }
  return root;
}
