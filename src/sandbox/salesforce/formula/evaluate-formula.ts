import { type Formula, FormulaSyntaxError, type Operator } from './parse-formula.ts';

/** A point in time inside a formula; kept apart from text so that `TODAY() + 30` and comparisons work. */
export interface FormulaTime {
  readonly kind: 'date' | 'datetime';
  readonly milliseconds: number;
}
export type FormulaValue = string | number | boolean | null | FormulaTime;

/** What a formula may ask about the record it runs on. */
export interface FormulaContext {
  field(path: readonly string[]): FormulaValue;
  /** The value before the save; on an insert the value itself. */
  prior(path: readonly string[]): FormulaValue;
  readonly isNew: boolean;
  now(): number;
}

const dayLength = 86_400_000;
const isTime = (value: FormulaValue): value is FormulaTime => typeof value === 'object' && value !== null;
const dayOf = (milliseconds: number): FormulaTime => ({
  kind: 'date',
  milliseconds: Math.floor(milliseconds / dayLength) * dayLength,
});

const isBlank = (value: FormulaValue): boolean => value === null || value === '';
const truth = (value: FormulaValue): boolean => value === true;
const asNumber = (value: FormulaValue): number => (typeof value === 'number' ? value : 0);
const textOf = (value: FormulaValue): string => {
  if (value === null) return '';
  if (!isTime(value)) return String(value);
  const iso = new Date(value.milliseconds).toISOString();
  return value.kind === 'date' ? iso.slice(0, 10) : `${iso.slice(0, 19).replace('T', ' ')}Z`;
};

function same(left: FormulaValue, right: FormulaValue): boolean {
  if (isBlank(left) || isBlank(right)) return isBlank(left) && isBlank(right);
  if (isTime(left) && isTime(right)) return left.milliseconds === right.milliseconds;
  return left === right;
}

/** @returns null where a blank makes the comparison meaningless; a rule then does not fire. */
function compare(left: FormulaValue, right: FormulaValue): number | null {
  if (isBlank(left) || isBlank(right)) return null;
  if (isTime(left) && isTime(right)) return left.milliseconds - right.milliseconds;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return textOf(left) < textOf(right) ? -1 : textOf(left) > textOf(right) ? 1 : 0;
}

const arithmetic = (left: FormulaValue, right: FormulaValue, sign: 1 | -1): FormulaValue => {
  if (isTime(left) && isTime(right)) return (left.milliseconds + sign * right.milliseconds) / dayLength;
  if (isTime(left)) return { kind: left.kind, milliseconds: left.milliseconds + sign * asNumber(right) * dayLength };
  if (typeof left === 'string' || typeof right === 'string') return textOf(left) + textOf(right);
  return left === null && right === null ? null : asNumber(left) + sign * asNumber(right);
};

const operators: Readonly<Record<Exclude<Operator, '&&' | '||'>, (l: FormulaValue, r: FormulaValue) => FormulaValue>> =
  {
    '+': (l, r) => arithmetic(l, r, 1),
    '-': (l, r) => arithmetic(l, r, -1),
    '*': (l, r) => asNumber(l) * asNumber(r),
    '/': (l, r) => (asNumber(r) === 0 ? null : asNumber(l) / asNumber(r)),
    '^': (l, r) => asNumber(l) ** asNumber(r),
    '&': (l, r) => textOf(l) + textOf(r),
    '=': (l, r) => same(l, r),
    '<>': (l, r) => !same(l, r),
    '<': (l, r) => (compare(l, r) ?? 0) < 0,
    '>': (l, r) => (compare(l, r) ?? 0) > 0,
    '<=': (l, r) => (compare(l, r) ?? 1) <= 0,
    '>=': (l, r) => (compare(l, r) ?? -1) >= 0,
  };

const utc = (value: FormulaValue, part: 'getUTCFullYear' | 'getUTCMonth' | 'getUTCDate'): FormulaValue =>
  isTime(value) ? new Date(value.milliseconds)[part]() : null;

const parseTime = (kind: 'date' | 'datetime', value: FormulaValue): FormulaValue => {
  if (isTime(value)) return kind === 'date' ? dayOf(value.milliseconds) : { kind, milliseconds: value.milliseconds };
  const milliseconds = Date.parse(textOf(value).replace(' ', 'T'));
  return Number.isNaN(milliseconds) ? null : kind === 'date' ? dayOf(milliseconds) : { kind, milliseconds };
};

type Plain = (...values: FormulaValue[]) => FormulaValue;
const blank = null;

/** Functions of their values alone. */
const plainFunctions: Readonly<Record<string, Plain>> = {
  NOT: (value = blank) => !truth(value),
  ISBLANK: (value = blank) => isBlank(value),
  ISNULL: (value = blank) => isBlank(value),
  ISPICKVAL: (value = blank, wanted = blank) => same(value, wanted),
  BLANKVALUE: (value = blank, other = blank) => (isBlank(value) ? other : value),
  NULLVALUE: (value = blank, other = blank) => (isBlank(value) ? other : value),
  TEXT: (value = blank) => textOf(value),
  VALUE: (value = blank) => (isBlank(value) ? null : Number(textOf(value))),
  LEN: (value = blank) => textOf(value).length,
  LEFT: (value = blank, count = blank) => textOf(value).slice(0, asNumber(count)),
  RIGHT: (value = blank, count = blank) => (asNumber(count) === 0 ? '' : textOf(value).slice(-asNumber(count))),
  MID: (value = blank, start = blank, count = blank) =>
    textOf(value).slice(asNumber(start) - 1, asNumber(start) - 1 + asNumber(count)),
  UPPER: (value = blank) => textOf(value).toUpperCase(),
  LOWER: (value = blank) => textOf(value).toLowerCase(),
  TRIM: (value = blank) => textOf(value).trim(),
  CONTAINS: (value = blank, part = blank) => textOf(value).includes(textOf(part)),
  BEGINS: (value = blank, part = blank) => textOf(value).startsWith(textOf(part)),
  INCLUDES: (value = blank, part = blank) => textOf(value).split(';').includes(textOf(part)),
  SUBSTITUTE: (value = blank, from = blank, to = blank) => textOf(value).replaceAll(textOf(from), textOf(to)),
  REGEX: (value = blank, pattern = blank) => new RegExp(`^(?:${textOf(pattern)})$`).test(textOf(value)),
  HYPERLINK: (address = blank, label = blank) => `<a href="${textOf(address)}">${textOf(label)}</a>`,
  ABS: (value = blank) => Math.abs(asNumber(value)),
  FLOOR: (value = blank) => Math.floor(asNumber(value)),
  CEILING: (value = blank) => Math.ceil(asNumber(value)),
  ROUND: (value = blank, digits = blank) =>
    Number(`${Math.round(Number(`${asNumber(value)}e${asNumber(digits)}`))}e-${asNumber(digits)}`),
  MOD: (value = blank, by = blank) => asNumber(value) % asNumber(by),
  MAX: (...values) => Math.max(...values.map(asNumber)),
  MIN: (...values) => Math.min(...values.map(asNumber)),
  DATE: (year = blank, month = blank, day = blank) =>
    dayOf(Date.UTC(asNumber(year), asNumber(month) - 1, asNumber(day))),
  DATEVALUE: (value = blank) => parseTime('date', value),
  DATETIMEVALUE: (value = blank) => parseTime('datetime', value),
  YEAR: (value = blank) => utc(value, 'getUTCFullYear'),
  MONTH: (value = blank) => (isTime(value) ? asNumber(utc(value, 'getUTCMonth')) + 1 : null),
  DAY: (value = blank) => utc(value, 'getUTCDate'),
};

type Special = (parameters: readonly Formula[], context: FormulaContext) => FormulaValue;
const pathOf = (formula: Formula | undefined, name: string): readonly string[] => {
  if (formula?.kind === 'field') return formula.path;
  throw new FormulaSyntaxError(`Incorrect parameter type for function '${name}()'. Expected a field`);
};
const evaluateAt = (parameters: readonly Formula[], index: number, context: FormulaContext): FormulaValue => {
  const formula = parameters[index];
  return formula === undefined ? null : evaluateFormula(formula, context);
};

/** Functions that look at the save under way, or that must not evaluate all their parameters. */
const specialFunctions: Readonly<Record<string, Special>> = {
  AND: (parameters, context) => parameters.every((one) => truth(evaluateFormula(one, context))),
  OR: (parameters, context) => parameters.some((one) => truth(evaluateFormula(one, context))),
  IF: (parameters, context) => evaluateAt(parameters, truth(evaluateAt(parameters, 0, context)) ? 1 : 2, context),
  CASE: (parameters, context) => {
    const subject = evaluateAt(parameters, 0, context);
    for (let index = 1; index + 1 < parameters.length; index += 2)
      if (same(subject, evaluateAt(parameters, index, context))) return evaluateAt(parameters, index + 1, context);
    return evaluateAt(parameters, parameters.length - 1, context);
  },
  ISNEW: (_, context) => context.isNew,
  ISCHANGED: (parameters, context) => {
    const path = pathOf(parameters[0], 'ISCHANGED');
    return !context.isNew && !same(context.field(path), context.prior(path));
  },
  PRIORVALUE: (parameters, context) => context.prior(pathOf(parameters[0], 'PRIORVALUE')),
  TODAY: (_, context) => dayOf(context.now()),
  NOW: (_, context) => ({ kind: 'datetime', milliseconds: context.now() }),
};

export function evaluateFormula(formula: Formula, context: FormulaContext): FormulaValue {
  switch (formula.kind) {
    case 'literal':
      return formula.value;
    case 'field':
      return context.field(formula.path);
    case 'operator': {
      const left = evaluateFormula(formula.left, context);
      if (formula.operator === '&&') return truth(left) && truth(evaluateFormula(formula.right, context));
      if (formula.operator === '||') return truth(left) || truth(evaluateFormula(formula.right, context));
      return operators[formula.operator](left, evaluateFormula(formula.right, context));
    }
    case 'call': {
      const special = specialFunctions[formula.name];
      if (special !== undefined) return special(formula.arguments, context);
      const plain = plainFunctions[formula.name];
      if (plain === undefined) throw new FormulaSyntaxError(`Unknown function ${formula.name}. Check spelling.`);
      return plain(...formula.arguments.map((one) => evaluateFormula(one, context)));
    }
  }
}

/** A field in a formula, with the function it stands in; null outside any function. */
export interface FieldUse {
  readonly path: readonly string[];
  readonly within: string | null;
}

/** Fields and functions that a formula uses, for the check when it is saved. */
export function usesOf(formula: Formula): {
  readonly fields: readonly FieldUse[];
  readonly functions: readonly string[];
} {
  const fields: FieldUse[] = [];
  const functions: string[] = [];
  const walk = (node: Formula, within: string | null): void => {
    if (node.kind === 'field') fields.push({ path: node.path, within });
    if (node.kind === 'operator') {
      walk(node.left, null);
      walk(node.right, null);
    }
    if (node.kind === 'call') {
      functions.push(node.name);
      for (const one of node.arguments) walk(one, node.name);
    }
  };
  walk(formula, null);
  return { fields, functions };
}

export const isFunction = (name: string): boolean => name in specialFunctions || name in plainFunctions;
