/** Small changes of the contract's tables, one at a time: each is a mistake that the tests must notice. */

import { type AceObject, aceObjects, payloadVersions, programmes } from '../../../src/ace/ace-record.ts';
import { type ContractTables, contractTables } from '../../../src/ace/contract-tables.ts';
import type { Editable, FieldDefinition, FieldVersion } from '../../../src/ace/fields.ts';
import type { Rule, RuleText } from '../../../src/ace/rules/rule.ts';

export interface Mutation {
  readonly says: string;
  /** The field concerned, to ask the claims on it first. */
  readonly field: string | null;
  readonly tables: ContractTables;
}

const flip = (severity: RuleText['severity']): RuleText['severity'] => (severity === 'error' ? 'warning' : 'error');

function replaced<Item>(list: readonly Item[], at: number, ...items: readonly Item[]): readonly Item[] {
  return list.flatMap((item, index) => (index === at ? items : [item]));
}

function withRules(rules: readonly Rule[]): ContractTables {
  return { ...contractTables, rules };
}

function ruleMutations(): readonly Mutation[] {
  const { rules } = contractTables;
  return rules.flatMap((rule, at) => {
    const name = `${rule.code} ${rule.field ?? ''} v${rule.versions.join('+')}`;
    const change = (says: string, ...instead: readonly Rule[]): Mutation => ({
      says: `${name}: ${says}`,
      field: null,
      tables: withRules(replaced(rules, at, ...instead)),
    });
    const { intent, states, programmes: ofProgrammes } = rule.when;
    const whenStates = states === undefined ? {} : { states };
    const whenProgrammes = ofProgrammes === undefined ? {} : { programmes: ofProgrammes };
    const other = intent === 'create' ? ('update' as const) : ('create' as const);
    return [
      change('dropped'),
      change('severity flipped', { ...rule, severity: flip(rule.severity) }),
      change('inverted', { ...rule, test: (context) => rule.test(context) === false }),
      ...rule.versions.map((version) =>
        change(`not in version ${version}`, { ...rule, versions: rule.versions.filter((one) => one !== version) }),
      ),
      ...(rule.versions.length === 1 && inEveryVersion(rule)
        ? [change('in every version', { ...rule, versions: payloadVersions })]
        : []),
      ...(intent === undefined
        ? (['create', 'update'] as const).map((only) =>
            change(`only on ${only}`, { ...rule, when: { ...rule.when, intent: only } }),
          )
        : [change('on the other intent', { ...rule, when: { ...whenStates, ...whenProgrammes, intent: other } })]),
      ...(states === undefined
        ? []
        : states.map((state) => {
            const rest = states.filter((one) => one !== state);
            return change(`not in state ${state}`, { ...rule, when: { ...rule.when, states: rest } });
          })),
      ...(ofProgrammes === undefined
        ? []
        : [
            change('for every programme', {
              ...rule,
              when: { ...whenStates, ...(intent === undefined ? {} : { intent }) },
            }),
            ...ofProgrammes.map((one) => {
              const rest = programmes.filter((programme) => ofProgrammes.includes(programme) && programme !== one);
              return change(`not for ${one}`, { ...rule, when: { ...rule.when, programmes: rest } });
            }),
          ]),
    ];
  });
}

/** Only then a rule could say anything in the version that it leaves out. */
function inEveryVersion(rule: Rule): boolean {
  return [...rule.reads, ...(rule.field === null ? [] : [rule.field])].every((name) => {
    const field = contractTables.fields[rule.object].find((candidate) => candidate.name === name);
    return payloadVersions.every((version) => field?.versions[version] !== undefined);
  });
}

function fieldRuleMutations(): readonly Mutation[] {
  const { fieldRules, keyRules } = contractTables;
  const ofFields = fieldRules.flatMap((rule, at) => [
    { says: `${rule.code}: dropped`, tables: { ...contractTables, fieldRules: replaced(fieldRules, at) } },
    {
      says: `${rule.code}: severity flipped`,
      tables: { ...contractTables, fieldRules: replaced(fieldRules, at, { ...rule, severity: flip(rule.severity) }) },
    },
  ]);
  const ofKeys = Object.entries(keyRules).flatMap(([name, rule]) => [
    { says: `${rule?.code}: dropped`, tables: { ...contractTables, keyRules: { ...keyRules, [name]: null } } },
    {
      says: `${rule?.code}: severity flipped`,
      tables: { ...contractTables, keyRules: { ...keyRules, [name]: { ...rule, severity: 'error' } } },
    },
  ]);
  return [...ofFields, ...ofKeys].map((mutation) => ({ ...mutation, field: null }));
}

function withField(object: AceObject, at: number, ...instead: readonly FieldDefinition[]): ContractTables {
  const { fields } = contractTables;
  return { ...contractTables, fields: { ...fields, [object]: replaced(fields[object], at, ...instead) } };
}

/** Sequence in which the states of a lead are told apart: there is one. */
const leadStates: readonly (keyof Editable)[] = ['open'];
const opportunityStates: readonly (keyof Editable)[] = ['create', 'actionRequired', 'open', 'launched'];

function fieldMutations(object: AceObject): readonly Mutation[] {
  return contractTables.fields[object].flatMap((field, at) => {
    const change = (says: string, ...instead: readonly FieldDefinition[]): Mutation => ({
      says: `${object} ${field.name}: ${says}`,
      field: field.name,
      tables: withField(object, at, ...instead),
    });
    const mutations: Mutation[] = [change('dropped')];
    for (const version of payloadVersions) {
      const inVersion = field.versions[version];
      if (inVersion === undefined) continue;
      const changed = (says: string, instead: Partial<FieldVersion>): void => {
        const versions = { ...field.versions, [version]: { ...inVersion, ...instead } };
        mutations.push(change(`v${version} ${says}`, { ...field, versions }));
      };
      const { [version]: _gone, ...others } = field.versions;
      mutations.push(change(`v${version} dropped`, { ...field, versions: others }));
      if (inVersion.createRule === 'readOnly') continue;
      // Identifiers are taken whatever the columns say, and leads know one state.
      if (!field.identifier || object === 'opportunity') changed('read only', { createRule: 'readOnly' });
      changed('another type', { type: inVersion.type === 'array' ? 'text' : 'array' });
      if (object === 'opportunity') {
        const mandatory = inVersion.createRule === 'mandatory';
        if (inVersion.editable.create === 'yes') {
          changed(mandatory ? 'optional' : 'mandatory', { createRule: mandatory ? 'optional' : 'mandatory' });
        }
      }
      for (const state of field.identifier ? [] : object === 'lead' ? leadStates : opportunityStates) {
        const open = inVersion.editable[state] !== 'no';
        changed(`${open ? 'closed' : 'opened'} at ${state}`, {
          editable: { ...inVersion.editable, [state]: open ? 'no' : 'yes' },
        });
      }
    }
    const writable = Object.values(field.versions).some(({ createRule }) => createRule !== 'readOnly');
    if (writable && field.maxLength !== null) {
      mutations.push(change('a character less', { ...field, maxLength: field.maxLength - 1 }));
      mutations.push(change('a character more', { ...field, maxLength: field.maxLength + 1 }));
    }
    if (writable && !field.identifier) mutations.push(change('from ACE only', { ...field, direction: 'fromAce' }));
    return mutations;
  });
}

function picklistMutations(): readonly Mutation[] {
  const { picklists } = contractTables;
  return aceObjects.flatMap((object) =>
    payloadVersions.flatMap((version) =>
      Object.entries(picklists[object][version]).flatMap(([field, list]) => {
        const change = (says: string, instead: readonly string[]): Mutation => ({
          says: `${object} v${version} ${field}: ${says}`,
          field,
          tables: {
            ...contractTables,
            picklists: {
              ...picklists,
              [object]: { ...picklists[object], [version]: { ...picklists[object][version], [field]: instead } },
            },
          },
        });
        return list.map((value, at) => change(`value ${at} altered`, replaced(list, at, `${value} `)));
      }),
    ),
  );
}

export const mutations = {
  rules: ruleMutations(),
  fieldAndKeyRules: fieldRuleMutations(),
  fields: [...fieldMutations('opportunity'), ...fieldMutations('lead')],
  picklists: picklistMutations(),
} as const;
