import { fieldDefinition } from '../ace/fields.ts';
import { identityFields } from '../ace/identity.ts';
import { hiddenOpportunityFields, maskedLeadFields, maskedOpportunityFields } from '../ace/mask.ts';
import { standardValues } from '../ace/picklists.ts';
import { childPath } from '../crm/child-path.ts';
import { type SharedObject, sharedObjects } from '../crm/crm.ts';
import { type FieldDefinition, syncFields } from '../crm/data-model.ts';
import { aceTakes, aceTypeOf, isListType } from './ace-types.ts';
import { isSearchable } from './duplicates.ts';
import { compileExpression } from './expressions.ts';
import type { FieldEntry, MappingFile, ObjectEntry } from './mapping-file.ts';
import { relatedRules, relatedTraits } from './related-records.ts';

/** What a schema cannot say of a mapping file: names that do not exist, directions that cannot work, entries that clash. */

export const rowPrefix = 'ACE_Sync__r.';

const plural: Readonly<Record<SharedObject, string>> = {
  opportunity: "ACE's opportunities",
  lead: "ACE's leads",
};

/** A problem with its path in the file. */
export type FileProblem = readonly [path: string, message: string];

/** Every problem of a mapping file that has the right shape. */
export function checkMappingFile(file: MappingFile): readonly FileProblem[] {
  return sharedObjects.flatMap((object) => checkObject(object, file[object]));
}

function checkObject(object: SharedObject, entry: ObjectEntry): readonly FileProblem[] {
  const problems: FileProblem[] = [];
  const say = (path: string, message: string) => problems.push([`${object}.${path}`, message]);
  const knownAce = (path: string, name: string) => {
    if (fieldDefinition(object, name) === undefined) say(path, `expected a field of ${plural[object]}, got ${name}`);
  };
  const compiles = (path: string, source: string | undefined) => {
    if (source === undefined) return;
    try {
      compileExpression(source);
    } catch (cause) {
      say(path, cause instanceof Error ? cause.message : 'the expression cannot be compiled');
    }
  };

  compiles('share', entry.share);
  compiles('disregard', entry.disregard);
  if (entry.partnerId.startsWith(rowPrefix) || childPath(entry.partnerId) !== null)
    say('partnerId', 'expected a field of the record, which is stable');
  for (const [index, rule] of (entry.owner?.rules ?? []).entries()) compiles(`owner.rules[${index}].when`, rule.when);
  for (const [index, rule] of entry.recordTypes.entries()) compiles(`recordTypes[${index}].when`, rule.when);
  if (entry.owner?.byEmail !== undefined) {
    knownAce('owner.byEmail', entry.owner.byEmail);
    if (entry.owner.fallback === undefined)
      say('owner.fallback', 'expected a user or queue for e-mails that nobody has');
  }
  for (const [name, rule] of Object.entries(entry.create)) {
    if (rule.ace !== undefined) knownAce(`create.${name}.ace`, rule.ace);
    compiles(`create.${name}.expression`, rule.expression);
  }
  for (const [name, rule] of Object.entries(entry.referral.lead)) {
    if (object === 'opportunity' && rule.ace !== undefined) knownAce(`referral.lead.${name}.ace`, rule.ace);
    compiles(`referral.lead.${name}.expression`, rule.expression);
  }
  if (entry.referral.endedLeadStatus !== undefined && typeof entry.referral.lead.Status?.value !== 'string')
    say('referral.lead.Status', 'expected a `value`: a lead that still has it is one whose status nobody changed');
  checkAnswers(object, entry, say, compiles);
  if (object === 'lead' && entry.referral.createAs === 'lead')
    say('referral.createAs', 'expected opportunity (at once) or onAcceptance');
  for (const name of entry.required) {
    if (
      entry.create[name] === undefined &&
      !entry.fields.some((field) => field.crm === name && field.direction !== 'out')
    ) {
      say('required', `expected ${name} in \`create\` or as a field with direction in or both`);
    }
  }
  for (const { kind, keyedBy, fields } of relatedRules(entry)) {
    for (const [index, name] of keyedBy.entries()) knownAce(`${kind}.keyedBy[${index}]`, name);
    for (const [name, ace] of Object.entries(fields)) knownAce(`${kind}.fields.${name}`, ace);
    const { needs, sobject } = relatedTraits[kind];
    if (fields[needs] === undefined) say(`${kind}.fields`, `expected ${needs}: no ${sobject} is made without it`);
  }
  if (entry.contact !== undefined && object === 'lead') say('contact', 'a lead is the person itself; expected none');
  if (entry.contact?.reference === 'ContactId')
    say('contact.reference', 'Salesforce takes ContactId with a new record only; expected a lookup field of your own');

  checkDuplicates(entry, say, knownAce);
  if (object === 'lead' && entry.duplicates !== undefined && entry.referral.createAs !== 'onAcceptance') {
    say('duplicates', 'AWS hides the person until the lead is accepted; expected `referral.createAs: onAcceptance`');
  }
  for (const name of Object.keys(entry.leftOut ?? {})) knownAce(`leftOut.${name}`, name);

  const senders = new Map<string, number>();
  const writers = new Map<string, number>();
  entry.fields.forEach((field, index) => {
    const path = `fields[${index}]`;
    checkField(object, field, (part, message) => say(`${path}.${part}`, message));
    compiles(`${path}.transform.in`, field.transform?.in);
    compiles(`${path}.transform.out`, field.transform?.out);
    if (field.direction !== 'in')
      claim(senders, field.ace, index, (other) => say(path, `${field.ace} is sent by fields[${other}] too`));
    if (field.direction !== 'out')
      claim(writers, field.crm, index, (other) => say(path, `${field.crm} is written by fields[${other}] too`));
  });
  return problems;
}

/** What AWS shows only once it has the answer. */
const hiddenFields: Readonly<Record<SharedObject, ReadonlySet<string>>> = {
  opportunity: new Set([...maskedOpportunityFields, ...hiddenOpportunityFields]),
  lead: new Set(maskedLeadFields),
};

/** What a condition reads; one that cannot be compiled is reported elsewhere. */
function readsOf(source: string): readonly string[] {
  try {
    return compileExpression(source).reads;
  } catch {
    return [];
  }
}

function checkAnswers(
  object: SharedObject,
  { referral }: ObjectEntry,
  say: (path: string, message: string) => void,
  compiles: (path: string, source: string) => void,
): void {
  const reasons = standardValues(object, 2, 'rejectionReason');
  for (const [index, rule] of referral.answer.entries()) {
    const path = `referral.answer[${index}]`;
    const hidden = readsOf(rule.when).find((name) => hiddenFields[object].has(name));
    compiles(`${path}.when`, rule.when);
    if (hidden !== undefined) say(`${path}.when`, `AWS hides ${hidden} until the answer`);
    if (!('reject' in rule)) continue;
    if (reasons === null && rule.reject !== true)
      say(`${path}.reject`, 'ACE takes no reason for a lead; expected true');
    if (reasons !== null && !reasons.some((reason) => reason === rule.reject))
      say(`${path}.reject`, `expected one of ACE's reasons: ${reasons.join(', ')}`);
  }
}

function checkDuplicates(
  { duplicates }: ObjectEntry,
  say: (path: string, message: string) => void,
  knownAce: (path: string, name: string) => void,
): void {
  for (const [index, key] of (duplicates?.keys ?? []).entries()) {
    const path = `duplicates.keys[${index}]`;
    key.forEach((part, position) => {
      knownAce(`${path}[${position}].ace`, part.ace);
      if (part.crm.startsWith(rowPrefix) || childPath(part.crm) !== null)
        say(`${path}[${position}].crm`, 'expected a field of the record');
    });
    if (!key.some(isSearchable)) say(path, 'expected a part that is compared as text or domain, to search by');
  }
}

function claim(claimed: Map<string, number>, name: string, index: number, clash: (other: number) => void): void {
  const other = claimed.get(name);
  if (other === undefined) claimed.set(name, index);
  else clash(other);
}

function checkField(object: SharedObject, field: FieldEntry, say: (part: string, message: string) => void): void {
  const definition = fieldDefinition(object, field.ace);
  if (definition === undefined) say('ace', `expected a field of ${plural[object]}, got ${field.ace}`);
  if (Object.values(identityFields[object]).includes(field.ace)) {
    say('ace', 'identifiers are handled by the sync itself; `partnerId` names the field ACE knows the record by');
  }
  if (field.direction !== 'in' && definition !== undefined && !aceTakes(object, field.ace, null)) {
    say('direction', `ACE only reads out ${field.ace}, so it cannot be sent; expected in`);
  }
  if (field.direction !== 'out' && definition?.direction === 'toAce') {
    say('direction', `ACE never exports ${field.ace}; expected out`);
  }
  const onRow = field.crm.startsWith(rowPrefix);
  if (onRow) checkRowField(field, say);
  else if (field.direction !== 'out' && field.crm.includes('.')) {
    say('crm', 'fields of related records are only sent, never written; expected direction out');
  }
  if (field.unknownValue === 'leaveOut') {
    if (field.values === undefined) say('unknownValue', 'expected a value map (`values`)');
    if (!isListType(aceTypeOf(object, field.ace)))
      say('unknownValue', `${field.ace} is no list; expected another rule`);
  }
  if (field.unknownValue === 'default') {
    if (field.values === undefined) say('unknownValue', 'expected a value map (`values`)');
    if (field.direction !== 'in' && field.default?.ace === undefined)
      say('default', 'expected `ace` for unknown CRM values');
    if (field.direction !== 'out' && field.default?.crm === undefined)
      say('default', 'expected `crm` for unknown ACE values');
  }
  checkValues(object, field, say);
}

function checkRowField(field: FieldEntry, say: (part: string, message: string) => void): void {
  const name = field.crm.slice(rowPrefix.length);
  const definition: FieldDefinition | undefined = Object.hasOwn(syncFields, name)
    ? (syncFields as Readonly<Record<string, FieldDefinition>>)[name]
    : undefined;
  if (definition?.writer === 'sync' && field.direction !== 'in') {
    say('direction', `${name} is written by the sync and read-only for people; expected in`);
  }
}

function checkValues(object: SharedObject, field: FieldEntry, say: (part: string, message: string) => void): void {
  const lists = [standardValues(object, 1, field.ace), standardValues(object, 2, field.ace)].filter(
    (list) => list !== null,
  );
  if (lists.length === 0) return;
  const known = new Set(lists.flat());
  for (const value of Object.keys(field.values ?? {})) {
    if (!known.has(value)) say(`values.${value}`, `expected a standard value of ${field.ace}`);
  }
  const fallback = field.default?.ace;
  if (fallback !== undefined && !known.has(String(fallback)))
    say('default.ace', `expected a standard value of ${field.ace}`);
}
