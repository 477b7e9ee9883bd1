/** Compiles the tables once per object and payload version, so that a check is a walk over the record's keys. */

import type { AceObject, AceRecord, Intent, PayloadVersion, Programme } from './ace-record.ts';
import { isBlank, sameValue } from './ace-record.ts';
import { type ContractTables, contractTables } from './contract-tables.ts';
import { type FieldDefinition, type FieldVersion, listLabels } from './fields.ts';
import { type FieldVerdict, fieldVerdict } from './life-cycle.ts';
import { type LifeCycleState, lifeCycleState } from './record-state.ts';
import type { RuleProblem } from './rule-problem.ts';
import type { FieldRule, Rule, RuleContext, RuleText } from './rules/rule.ts';
import { lockedStates } from './rules/state-rules.ts';
import { type ContractSwitches, documentedSwitches } from './switches.ts';

export interface CheckInput {
  readonly object: AceObject;
  readonly version: PayloadVersion;
  readonly programme: Programme;
  readonly intent: Intent;
  /** What would be sent: sparse on updates; null empties a field. */
  readonly record: AceRecord;
  /** The record as ACE holds it. Without it the rules that need it stay silent. */
  readonly stored?: AceRecord | undefined;
  /**
   * Whether a key that `stored` lacks is empty at ACE (`whole`, an export), or unknown (`partial`, what a sync remembers of
   * it: null is known to be empty there). @default 'whole'
   */
  readonly storedIs?: 'whole' | 'partial';
  /** `YYYY-MM-DD`, GMT. */
  readonly today: string;
  /** ISO 8601; tells whether the time to accept a referral has passed. @default the start of `today` */
  readonly now?: string;
  readonly switches?: ContractSwitches;
}

export type CheckRecord = (input: CheckInput) => readonly RuleProblem[];

interface CompiledField {
  readonly definition: FieldDefinition;
  readonly version: FieldVersion | null;
  /** What the rules on values are asked about, and those that hold for the field. */
  readonly asked: Parameters<FieldRule['test']>[1];
  readonly valueRules: readonly FieldRule[];
}

interface Compiled {
  readonly fields: ReadonlyMap<string, CompiledField>;
  readonly namesByLowerCase: ReadonlyMap<string, string>;
  readonly rules: Readonly<Record<Intent, readonly Rule[]>>;
  readonly mandatory: readonly string[];
  readonly exported: ReadonlySet<string>;
}

/** What stays as it is at ACE is not judged again in these states (acceptance scenarios B3.9, B3.14: success). */
const closed: ReadonlySet<LifeCycleState> = new Set(['launched', 'closedLost']);

const nothing: ReadonlySet<string> = new Set();

const locked: ReadonlySet<LifeCycleState> = new Set(lockedStates);

/** Makes a checker from tables. The result is pure and may be used for any number of records. */
export function compileChecker(tables: ContractTables = contractTables): CheckRecord {
  const compiled = {
    opportunity: { 1: compile(tables, 'opportunity', 1), 2: compile(tables, 'opportunity', 2) },
    lead: { 1: compile(tables, 'lead', 1), 2: compile(tables, 'lead', 2) },
  };
  return (input) => check(tables, compiled[input.object][input.version], input);
}

function compile(tables: ContractTables, object: AceObject, version: PayloadVersion): Compiled {
  const lists = tables.picklists[object][version];
  const fields = new Map<string, CompiledField>();
  for (const definition of tables.fields[object]) {
    const values = Object.hasOwn(lists, definition.name) ? lists[definition.name] : undefined;
    const list = values === undefined ? null : new Set(values);
    const inVersion = definition.versions[version] ?? null;
    const type = inVersion?.type ?? 'text';
    const valueRules =
      inVersion === null ? [] : tables.fieldRules.filter((rule) => rule.appliesTo(definition, type, list));
    fields.set(definition.name, {
      definition,
      version: inVersion,
      asked: { field: definition, type, list },
      valueRules,
    });
  }
  const known = [...fields.values()];
  const ofVersion = tables.rules.filter((rule) => rule.object === object && rule.versions.includes(version));
  const ofIntent = (intent: Intent): readonly Rule[] =>
    ofVersion.filter((rule) => rule.when.intent === undefined || rule.when.intent === intent);
  return {
    fields,
    namesByLowerCase: new Map(known.map(({ definition }) => [definition.name.toLowerCase(), definition.name])),
    rules: { create: ofIntent('create'), update: ofIntent('update') },
    mandatory: known
      .filter((field) => field.version?.createRule === 'mandatory' && field.version.editable.create !== 'no')
      .map((field) => field.definition.name),
    exported: new Set(known.filter((field) => field.version?.exported).map((field) => field.definition.name)),
  };
}

function check(tables: ContractTables, compiled: Compiled, input: CheckInput): readonly RuleProblem[] {
  const { object, version, programme, intent, record, stored, today } = input;
  const switches = input.switches ?? documentedSwitches;
  const state = intent === 'create' ? 'unknown' : lifeCycleState(object, stored, input.now ?? today);
  const question = { object, version, programme, switches, state: intent === 'create' ? ('create' as const) : state };
  const taken = new Set<string>();
  const refused = new Set<string>();
  const ignored: CompiledField[] = [];
  const keyProblems: RuleProblem[] = [];
  for (const key of Object.keys(record)) {
    const field = compiled.fields.get(key);
    if (field === undefined) {
      addKeyProblem(tables, compiled, key, keyProblems);
      continue;
    }
    const verdict: FieldVerdict = fieldVerdict(field.definition, question);
    if (verdict === 'taken') taken.add(key);
    else if (verdict === 'refused') refused.add(key);
    else ignored.push(field);
  }
  const { mandatory } = compiled;
  const exported = input.storedIs === 'partial' ? nothing : compiled.exported;
  const context: RuleContext = {
    ...{ object, version, programme, intent, state, record, stored, today, switches },
    ...{ taken, refused, mandatory, exported },
  };
  const problems: RuleProblem[] = [];
  for (const rule of compiled.rules[intent]) apply(rule, context, compiled, problems);
  if (locked.has(state)) return problems.filter((problem) => problem.field === undefined);
  for (const name of taken) applyFieldRules(compiled.fields.get(name), context, problems);
  for (const field of ignored) addIgnored(tables, field, context, problems);
  problems.push(...keyProblems);
  return problems;
}

function apply(rule: Rule, context: RuleContext, compiled: Compiled, problems: RuleProblem[]): void {
  const { states, programmes } = rule.when;
  if (states !== undefined && !states.includes(context.state)) return;
  if (programmes !== undefined && !programmes.includes(context.programme)) return;
  if (closed.has(context.state) && rule.reads.length > 0 && !concerns(rule, context, compiled)) return;
  const found = rule.test(context);
  if (found === false) return;
  const fields = found === true ? [rule.field] : found;
  for (const field of fields)
    problems.push(problemOf(rule, context, field, compiled.fields.get(field ?? '')?.definition));
}

/** The record changes something that the rule reads, or the rule is about who the record is. */
function concerns(rule: Rule, context: RuleContext, compiled: Compiled): boolean {
  return rule.reads.some(
    (field) => context.taken.has(field) || compiled.fields.get(field)?.definition.identifier === true,
  );
}

function applyFieldRules(field: CompiledField | undefined, context: RuleContext, problems: RuleProblem[]): void {
  if (field === undefined) return;
  const { definition, asked, valueRules } = field;
  const value = context.record[definition.name];
  if (isBlank(value)) return;
  for (const rule of valueRules) {
    const found = rule.test(value, asked, context);
    if (found === false) continue;
    problems.push(problemOf(rule, context, definition.name, definition, found === true ? '' : found));
  }
}

function addKeyProblem(tables: ContractTables, compiled: Compiled, key: string, problems: RuleProblem[]): void {
  const meant = compiled.namesByLowerCase.get(key.toLowerCase());
  const rule = meant === undefined ? tables.keyRules.unknownKey : tables.keyRules.keyCase;
  if (rule === null) return;
  // A key that is no field name may hold anything, so it is not repeated.
  const field = /^[A-Za-z_][A-Za-z0-9_]{0,79}$/.test(key) ? key : undefined;
  problems.push(problemOf(rule, null, field ?? null, undefined, meant ?? ''));
}

/** A warning that a value is dropped, unless nothing is lost by it or another rule speaks of the field already. */
function addIgnored(tables: ContractTables, field: CompiledField, context: RuleContext, problems: RuleProblem[]): void {
  const { name } = field.definition;
  if (sameValue(context.record[name], context.intent === 'create' ? null : context.stored?.[name])) return;
  if (problems.some((problem) => problem.field === name)) return;
  const rule = tables.keyRules[whyIgnored(field, context)];
  if (rule === null) return;
  const other = context.version === 1 ? '2' : '1';
  problems.push(problemOf(rule, context, name, field.definition, other));
}

function whyIgnored(field: CompiledField, context: RuleContext): keyof ContractTables['keyRules'] {
  if (field.version === null) return 'otherVersion';
  if (field.version.createRule === 'readOnly') return 'readOnly';
  if (context.intent === 'create') return 'ignoredOnCreate';
  return context.state === 'launched' ? 'ignoredAfterLaunch' : 'ignoredNow';
}

function problemOf(
  rule: RuleText,
  context: RuleContext | null,
  field: string | null,
  definition: FieldDefinition | undefined,
  limit = '',
): RuleProblem {
  const label = definition === undefined || definition.label === '' ? (field ?? '') : definition.label;
  const list = field !== null && Object.hasOwn(listLabels, field) ? (listLabels[field] ?? label) : label;
  const fill = (text: string): string =>
    text.replaceAll('<label>', label).replaceAll('<limit>', limit).replaceAll('<list>', list);
  const unverified = rule.aceText !== null && context !== null && !rule.verifiedIn.includes(context.version);
  return {
    code: rule.code,
    ...(field === null ? {} : { field }),
    message: fill(rule.sentence),
    fix: rule.fix,
    fixBy: rule.fixBy,
    severity: rule.severity,
    ...(rule.aceText === null ? {} : { aceText: fill(rule.aceText) }),
    ...(unverified ? { verified: false } : {}),
  };
}
