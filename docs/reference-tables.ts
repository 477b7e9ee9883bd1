/**
 * The rows of the reference tables in docs/configuration.md and docs/errors.md, computed from the code.
 * `npm run references` writes them into the documents, and test/unit/docs holds documents and code together.
 */

import { z } from 'zod';
import { contractTables } from '../src/ace/contract-tables.ts';
import { messagePatterns } from '../src/ace/message-patterns.ts';
import { configurationSchema } from '../src/config/configuration.ts';
import { catalogue, fixByLabels } from '../src/errors.ts';
import { reasons } from '../src/mapping/reasons.ts';

/** One setting; what it means is written by hand in the document. */
export interface Setting {
  readonly path: string;
  readonly value: string;
  readonly default: string;
}

/** As much of JSON Schema as zod writes for the configuration. */
interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
}

/** Every setting of the configuration file, in the order of the schema. */
export function settings(): readonly Setting[] {
  const schema = z.toJSONSchema(configurationSchema, { io: 'input' }) as Schema;
  const byPath = new Map<string, Setting>();
  collect(schema, '', true, byPath);
  return [...byPath.values()];
}

function collect(schema: Schema, path: string, required: boolean, found: Map<string, Setting>): void {
  const nested = isSecret(schema) ? [] : alternatives(schema).filter((one) => one.properties !== undefined);
  if (nested.length === 0) {
    add({ path, value: describeValue(schema), default: describeDefault(schema, required) }, found);
    return;
  }
  for (const alternative of nested) {
    for (const [name, property] of Object.entries(alternative.properties ?? {})) {
      // What only one of several forms needs is not needed as such; the document says which form takes it.
      const needed = required && nested.every((form) => form.required?.includes(name));
      collect(property, path === '' ? name : `${path}.${name}`, needed, found);
    }
  }
}

/** The same path in several forms is one row that holds each of their values. */
function add(setting: Setting, found: Map<string, Setting>): void {
  const earlier = found.get(setting.path);
  const values = new Set([...(earlier?.value.split(' or ') ?? []), ...setting.value.split(' or ')]);
  found.set(setting.path, { ...setting, value: [...values].join(' or ') });
}

/** The forms that a value may have; forms within forms count as further ones. */
function alternatives(schema: Schema): readonly Schema[] {
  return (schema.anyOf ?? schema.oneOf)?.flatMap(alternatives) ?? [schema];
}

function isSecret(schema: Schema): boolean {
  const names = alternatives(schema).flatMap((one) => Object.keys(one.properties ?? {}));
  return names.includes('env') && names.includes('file');
}

function describeValue(schema: Schema): string {
  if (isSecret(schema)) {
    const writtenOut = alternatives(schema).some((one) => one.properties?.static !== undefined);
    return writtenOut ? 'secret or `static`' : 'secret';
  }
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(' or ');
  const several = alternatives(schema);
  if (several.length > 1) return several.map(describeValue).join(' or ');
  if (schema.type === 'boolean') return '`true` or `false`';
  if (schema.type === 'number' || schema.type === 'integer') return describeNumber(schema);
  return schema.format === 'uri' ? 'URL' : 'text';
}

function describeNumber({ type, minimum, exclusiveMinimum, maximum }: Schema): string {
  const name = type === 'integer' ? 'whole number' : 'number';
  const from = exclusiveMinimum === undefined ? (minimum ?? 0) : `above ${exclusiveMinimum}`;
  return maximum === undefined ? name : `${name}, ${from} to ${maximum}`;
}

function describeDefault(schema: Schema, required: boolean): string {
  if (schema.default !== undefined) return `\`${String(schema.default)}\``;
  return required ? 'required' : '';
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<label>', 'the field');

/** The catalogue of src/errors.ts. */
export function errorRows(): readonly string[] {
  return Object.entries(catalogue).map(
    ([code, { message, retryable, fixBy, fix }]) =>
      `| \`${code}\` | ${cell(message)} | ${retryable ? 'yes' : 'no'} | ${fixByLabels[fixBy]} | ${cell(fix)} |`,
  );
}

/** Why the mapping holds, ignores or waits (src/mapping/reasons.ts). */
export function reasonRows(): readonly string[] {
  return Object.entries(reasons).map(
    ([code, { message, fixBy, fix }]) => `| \`${code}\` | ${cell(message)} | ${fixByLabels[fixBy]} | ${cell(fix)} |`,
  );
}

/** What is checked before a file goes out (src/ace/rules). */
export function ruleRows(): readonly string[] {
  const { rules, fieldRules, keyRules } = contractTables;
  const all = [...rules, ...fieldRules, ...Object.values(keyRules).filter((rule) => rule !== null)];
  const rows = all.map(
    ({ code, severity, sentence, fixBy, fix }) =>
      `| \`${code}\` | ${severity} | ${cell(sentence).replaceAll('<limit>', '…')} | ${fixByLabels[fixBy]} | ${cell(fix)} |`,
  );
  return [...new Set(rows)].sort();
}

/** What ACE's answers mean (src/ace/message-patterns.ts). */
export function answerRows(): readonly string[] {
  const rows = messagePatterns.map(
    ({ code, class: verdict, message, fixBy, fix }) =>
      `| \`${code}\` | ${verdict} | ${cell(message)} | ${fixByLabels[fixBy]} | ${cell(fix)} |`,
  );
  return [...new Set(rows)].sort();
}

/** The generated rows of docs/errors.md by the name in its markers. */
export const errorTables = {
  catalogue: errorRows,
  reasons: reasonRows,
  rules: ruleRows,
  answers: answerRows,
} as const;

const start = (name: string): string => `<!-- rows: ${name} -->`;
const end = '<!-- end -->';

/** The rows that stand between a document's markers. Throws when there are no such markers. */
export function rowsIn(document: string, name: string): readonly string[] {
  const [from, to] = span(document, name);
  return document
    .slice(from, to)
    .split('\n')
    .slice(2)
    .filter((row) => row !== '');
}

/** The document with other rows between its markers; the table's two head lines stay. */
export function withRows(document: string, name: string, rows: readonly string[]): string {
  const [from, to] = span(document, name);
  const head = document.slice(from, to).split('\n').slice(0, 2);
  return `${document.slice(0, from)}${[...head, ...rows].join('\n')}\n${document.slice(to)}`;
}

/** From the table's head line to the marker that ends it. */
function span(document: string, name: string): readonly [number, number] {
  const at = document.indexOf(start(name));
  if (at < 0) throw new Error(`Expected a marker for the rows "${name}".`);
  const from = document.indexOf('|', at);
  return [from, document.indexOf(end, from)];
}
