import { createHash } from 'node:crypto';
import { fieldDefinition } from '../ace/fields.ts';
import type { CrmValue, SharedObject } from '../crm/crm.ts';
import { type FieldDefinition, syncFields } from '../crm/data-model.ts';
import { type AceType, aceTypeOf, isListType } from './ace-types.ts';
import { canonicalAce, canonicalCrm } from './canonical.ts';
import { compileExpression, type Expression } from './expressions.ts';
import { rowPrefix } from './mapping-checks.ts';
import { type FieldEntry, type MappingFile, type ObjectEntry, readMappingFile } from './mapping-file.ts';
import type { NewRecordValue } from './new-record-rules.ts';
import type { AcceptanceIntent } from './outbound-plan.ts';
import { type RelatedRule, relatedRules } from './related-records.ts';
import type { FieldKey } from './sync-state.ts';

/** A mapping file made ready for use: expressions compiled, value maps indexed, the paths to read collected. */
export interface Mapping {
  /** First 16 hex digits of the SHA-256 of the file's content, spelling and order of keys aside. */
  readonly version: string;
  readonly opportunity: ObjectMapping;
  readonly lead: ObjectMapping;
}

export interface CompiledField extends Omit<FieldEntry, 'transform' | 'values'> {
  /** Key of the field's halves in the sync state. */
  readonly key: FieldKey;
  /** AWS's label, or the field name where AWS gives none. */
  readonly label: string;
  readonly type: AceType;
  /** Field of the companion row, when `crm` names one. */
  readonly rowField: string | null;
  /** The data model's definition of that row field. */
  readonly rowDefinition: FieldDefinition | null;
  /** A field that only the sync writes: always shows ACE's value, never merged, never sent. */
  readonly mirror: boolean;
  readonly transform: { readonly in: Expression | null; readonly out: Expression | null };
  readonly values: ValueMap | null;
}

export interface ValueMap {
  /** ACE's canonical value to the CRM value to write. */
  readonly toCrm: ReadonlyMap<string, CrmValue>;
  /** The CRM's canonical value to ACE's value. */
  readonly toAce: ReadonlyMap<string, string>;
}

export interface NewRecordRule extends Omit<NewRecordValue, 'expression'> {
  readonly field: string;
  readonly expression: Expression | null;
}

export interface AnswerRule extends AcceptanceIntent {
  readonly when: Expression;
}

export interface ObjectMapping
  extends Omit<
    ObjectEntry,
    'fields' | 'share' | 'disregard' | 'create' | 'owner' | 'recordTypes' | 'account' | 'contact'
  > {
  readonly object: SharedObject;
  readonly fields: readonly CompiledField[];
  readonly share: Expression | null;
  readonly disregard: Expression | null;
  readonly create: readonly NewRecordRule[];
  /** Fields of the lead that stands for a referral until it is accepted. */
  readonly referralLead: readonly NewRecordRule[];
  /** Rules that answer a referral or lead, in order. */
  readonly answers: readonly AnswerRule[];
  /** Records beside the shared one, in the order in which they are settled. */
  readonly related: readonly RelatedRule[];
  readonly recordTypes: readonly { readonly when: Expression; readonly recordTypeId: string }[];
  readonly owner: {
    readonly rules: readonly { readonly when: Expression; readonly owner: string }[];
    readonly byEmail: string | null;
    readonly fallback: string | null;
  };
  /** Paths of the CRM record that the mapping reads, relations included, companion row excluded; for `Crm.find`. */
  readonly crmPaths: readonly string[];
  /** Fields of the companion row that the mapping and the planners read, state fields included; for `Crm.find`. */
  readonly rowFields: readonly string[];
  /** Those of `crmPaths` that lead through a relation, whose objects change detection watches too. */
  readonly relatedPaths: readonly string[];
}

/** Fields that go to ACE; a mirror only shows what ACE holds. */
export const sentFields = ({ fields }: ObjectMapping): readonly CompiledField[] =>
  fields.filter(({ direction, mirror }) => direction !== 'in' && !mirror);

/** Row fields that the planners read and write besides the mapped ones. */
const plannerRowFields = [
  'ACE_Id__c',
  'CRM_Record_Id__c',
  'Object__c',
  'Status__c',
  'Reason__c',
  'Reason_Code__c',
  'Details__c',
  'Fix_By__c',
  'Since__c',
  'Action__c',
  'Shared__c',
  'Rejection_Reason__c',
  'Rule_Answer__c',
  'Origin__c',
  'Accept_By__c',
  'Acceptance__c',
  'Review_Status__c',
  'Conflict__c',
  'Conflict_Answer__c',
  'Duplicate__c',
  'Referral_Lead__c',
  'Opportunity__c',
  'Lead__c',
  'Sending__c',
  'Sent_State__c',
  'Received_State__c',
  'Intent__c',
  'Tombstone__c',
  'ACE_Last_Modified__c',
] as const satisfies readonly (keyof typeof syncFields)[];

/** Compiles a mapping file that `parseMappingFile` accepted. */
export function compileMapping(file: MappingFile): Mapping {
  return {
    version: contentHash(file),
    opportunity: compileObject('opportunity', file.opportunity),
    lead: compileObject('lead', file.lead),
  };
}

/** Reads and compiles. @throws MAPPING_INVALID naming every problem with its path. */
export const loadMapping = (text: string): Mapping => compileMapping(readMappingFile(text));

function contentHash(file: MappingFile): string {
  const sorted = JSON.stringify(file, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(sorted).digest('hex').slice(0, 16);
}

const optional = (source: string | undefined): Expression | null =>
  source === undefined ? null : compileExpression(source);

function compileObject(object: SharedObject, entry: ObjectEntry): ObjectMapping {
  const fields = entry.fields.map((field) => compileField(object, field));
  const share = optional(entry.share);
  const disregard = optional(entry.disregard);
  const related = relatedRules(entry);
  const reads = new Set([
    ...fields.map((field) => field.crm),
    ...(entry.create ? Object.keys(entry.create) : []),
    ...related.flatMap(({ reference, parent }) => (parent === null ? [reference] : [reference, parent.reference])),
    ...(share?.reads ?? []),
    ...crmReads(disregard, '$crm.'),
    ...fields.flatMap((field) => crmReads(field.transform.out, 'crm.')),
    ...(entry.partnerId === 'Id' ? [] : [entry.partnerId]),
  ]);
  const crmPaths = [...reads].filter((path) => !path.startsWith(rowPrefix) && !path.startsWith('$')).sort();
  const mappedRowFields = [...reads]
    .filter((path) => path.startsWith(rowPrefix))
    .map((path) => path.slice(rowPrefix.length));
  return {
    ...entry,
    object,
    fields,
    share,
    disregard,
    create: newRecordRules(entry.create),
    referralLead: entry.referral.createAs === 'lead' ? newRecordRules(entry.referral.lead) : [],
    recordTypes: entry.recordTypes.map(({ when, recordTypeId }) => ({ when: compileExpression(when), recordTypeId })),
    related,
    answers: entry.referral.answer.map(answerRule),
    owner: {
      rules: (entry.owner?.rules ?? []).map((rule) => ({ when: compileExpression(rule.when), owner: rule.owner })),
      byEmail: entry.owner?.byEmail ?? null,
      fallback: entry.owner?.fallback ?? null,
    },
    crmPaths,
    rowFields: [...new Set<string>([...plannerRowFields, ...mappedRowFields])].sort(),
    relatedPaths: crmPaths.filter((path) => path.includes('.')),
  };
}

const answerRule = (rule: ObjectEntry['referral']['answer'][number]): AnswerRule => ({
  when: compileExpression(rule.when),
  acceptance: 'accept' in rule ? 'Accepted' : 'Rejected',
  rejectionReason: 'reject' in rule && typeof rule.reject === 'string' ? rule.reject : null,
});

const newRecordRules = (rules: ObjectEntry['create']): readonly NewRecordRule[] =>
  Object.entries(rules).map(([field, rule]) => ({ ...rule, field, expression: optional(rule.expression) }));

const crmReads = (expression: Expression | null, prefix: string): readonly string[] =>
  (expression?.reads ?? []).filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));

function compileField(object: SharedObject, entry: FieldEntry): CompiledField {
  const type = aceTypeOf(object, entry.ace);
  const rowField = entry.crm.startsWith(rowPrefix) ? entry.crm.slice(rowPrefix.length) : null;
  const rowDefinition = rowField === null ? null : definitionOf(rowField);
  const label = fieldDefinition(object, entry.ace)?.label;
  return {
    ...entry,
    key: `${entry.ace}>${entry.crm}`,
    label: label === undefined || label === '' ? entry.ace : label,
    type,
    rowField,
    rowDefinition,
    mirror: rowDefinition?.writer === 'sync',
    transform: { in: optional(entry.transform?.in), out: optional(entry.transform?.out) },
    values: entry.values === undefined ? null : compileValues(type, entry.values),
  };
}

function definitionOf(rowField: string): FieldDefinition | null {
  const definitions: Readonly<Record<string, FieldDefinition>> = syncFields;
  return Object.hasOwn(definitions, rowField) ? (definitions[rowField] ?? null) : null;
}

function compileValues(type: AceType, values: NonNullable<FieldEntry['values']>): ValueMap {
  const member: AceType = isListType(type) ? { kind: 'pick' } : type;
  const toCrm = new Map<string, CrmValue>();
  const toAce = new Map<string, string>();
  for (const [ace, crm] of Object.entries(values)) {
    const crmValues = Array.isArray(crm) ? crm : [crm];
    const [first] = crmValues;
    const aceKey = canonicalAce(member, ace);
    if (aceKey !== null && first !== undefined) toCrm.set(aceKey, first);
    for (const value of crmValues) {
      const crmKey = canonicalCrm(member, value);
      if (crmKey !== null && !toAce.has(crmKey)) toAce.set(crmKey, ace);
    }
  }
  return { toCrm, toAce };
}
