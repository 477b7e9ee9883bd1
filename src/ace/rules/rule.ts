/**
 * What a rule is. Rules are data: the checker and the simulator read the same tables, so a partner hears before the upload
 * what ACE will say after it.
 */

import type { FixBy } from '../../errors.ts';
import type { AceObject, AceRecord, Intent, PayloadVersion, Programme } from '../ace-record.ts';
import { isBlank } from '../ace-record.ts';
import type { FieldDefinition, FieldType } from '../fields.ts';
import { isMasked } from '../mask.ts';
import type { LifeCycleState } from '../record-state.ts';
import type { ContractSwitches } from '../switches.ts';

/** What the tests of a rule see. Ask it through `value`, `holds`, `lacks` and `sends`, which know what is unknown. */
export interface RuleContext {
  readonly object: AceObject;
  readonly version: PayloadVersion;
  readonly programme: Programme;
  readonly intent: Intent;
  readonly state: LifeCycleState;
  readonly record: AceRecord;
  /** The record as ACE holds it; undefined when it is not at hand. */
  readonly stored: AceRecord | undefined;
  /** `YYYY-MM-DD`, GMT. */
  readonly today: string;
  readonly switches: ContractSwitches;
  /** Fields of the record whose change ACE takes now. */
  readonly taken: ReadonlySet<string>;
  /** Fields of the record that the state refuses. */
  readonly refused: ReadonlySet<string>;
  /** Fields that a create needs by the field table. */
  readonly mandatory: readonly string[];
  /** Fields whose absence in `stored` means that they are empty at ACE; of others it says nothing. */
  readonly exported: ReadonlySet<string>;
}

/** What rules of both kinds say. Placeholders: `<label>` `<limit>`, and in `aceText` only `<list>` `<value>` `<country>` `<format>`. */
export interface RuleText {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** ACE's text, or null where it was not found. */
  readonly aceText: string | null;
  /** Payload versions for which a source of high confidence holds the text. */
  readonly verifiedIn: readonly PayloadVersion[];
  /** What is wrong, in plain words. */
  readonly sentence: string;
  readonly fixBy: FixBy;
  readonly fix: string;
  readonly source: string;
}

/** A rule on the record as a whole. */
export interface Rule extends RuleText {
  readonly object: AceObject;
  readonly versions: readonly PayloadVersion[];
  /** Fields whose values the test reads; empty where it reads whatever the record sends. */
  readonly reads: readonly string[];
  /** The field to blame when the test answers true; null for the whole record. */
  readonly field: string | null;
  /** In which cases the rule holds; an absent condition always holds. */
  readonly when: {
    readonly intent?: Intent;
    readonly states?: readonly LifeCycleState[];
    readonly programmes?: readonly Programme[];
  };
  /** True, or the fields to blame, when the record breaks the rule. */
  readonly test: (context: RuleContext) => boolean | readonly string[];
}

/** A rule on the value of every field of some kind that the record sends. */
export interface FieldRule extends RuleText {
  /** The fields it holds for; asked once per field and payload version. */
  readonly appliesTo: (field: FieldDefinition, type: FieldType, list: ReadonlySet<string> | null) => boolean;
  /**
   * True, or a text for `<limit>`, when the value breaks the rule. Never called for a blank value; the
   * value may be of any JSON type. `list` holds the field's standard values.
   */
  readonly test: (
    value: unknown,
    asked: { readonly field: FieldDefinition; readonly type: FieldType; readonly list: ReadonlySet<string> | null },
    context: RuleContext,
  ) => boolean | string;
}

/** The record sends the field and ACE takes the change, be it a value or an emptying. */
export function sends(context: RuleContext, field: string): boolean {
  return context.taken.has(field);
}

/** True when it is known what ACE would hold in the field after taking the record. */
export function knows(context: RuleContext, field: string): boolean {
  if (context.taken.has(field) || context.intent === 'create') return true;
  const { stored } = context;
  if (stored === undefined) return false;
  return Object.hasOwn(stored, field) ? !isMasked(stored[field]) : context.exported.has(field);
}

/** What ACE would hold in the field after taking the record; undefined also when that is unknown. */
export function value(context: RuleContext, field: string): unknown {
  if (context.taken.has(field)) return context.record[field];
  if (context.intent === 'create') return undefined;
  const held = context.stored?.[field];
  return isMasked(held) ? undefined : held;
}

/** Known to be empty at ACE after taking the record. */
export function lacks(context: RuleContext, field: string): boolean {
  return knows(context, field) && isBlank(value(context, field));
}

/** Known to hold one of the values after taking the record. */
export function holds(context: RuleContext, field: string, ...values: readonly unknown[]): boolean {
  return knows(context, field) && values.includes(value(context, field));
}

/** The entries of a multi-select text or an array; empty when blank or unknown. */
export function entries(context: RuleContext, field: string): readonly string[] {
  const held = value(context, field);
  if (typeof held === 'string') return isBlank(held) ? [] : held.split(';');
  return Array.isArray(held) ? held.filter((entry) => typeof entry === 'string') : [];
}

/** The record brings the opportunity to this stage, or it stands there. */
export function atStage(context: RuleContext, ...stages: readonly string[]): boolean {
  return context.intent === 'update' && holds(context, 'stage', ...stages);
}
