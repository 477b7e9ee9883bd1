import type { Automation } from './automation.ts';
import { isoOf } from './clock.ts';
import type { Org } from './org.ts';
import type { Values } from './schema.ts';

/** Objects through which an org shows its own set-up: what is defined elsewhere appears as rows. */
const views = ['EntityDefinition', 'ValidationRule', 'ApexTrigger', 'FlowDefinitionView', 'DuplicateRule'] as const;
type View = (typeof views)[number];

const shown = new WeakMap<Org, { readonly version: number; readonly automation: Automation }>();

/** Brings the rows of the set-up objects up to date when a query asks for one of them. */
export function refreshSetupViews(org: Org, soql: string): void {
  if (!new RegExp(`\\b(${views.join('|')})\\b`, 'i').test(soql)) return;
  const last = shown.get(org);
  if (last?.version === org.schema.version && last.automation === org.automation) return;
  org.transaction(() => {
    const entityIds = new Map<string, string>();
    const entities = org.schema.objects().map((object) => ({
      QualifiedApiName: object.name,
      DeveloperName: object.name.replace(/__c$/, ''),
      Label: object.label,
      KeyPrefix: object.keyPrefix,
    }));
    replaceRows(org, 'EntityDefinition', 'QualifiedApiName', entities, (name, id) =>
      entityIds.set(name.toLowerCase(), id),
    );
    const entityOf = (name: string) => entityIds.get(name.toLowerCase()) ?? null;
    const rules = org.schema.objects().flatMap((object) =>
      [...object.validationRules.values()].map((rule) => ({
        ValidationName: rule.name,
        Active: rule.active,
        ErrorMessage: rule.message,
        ErrorDisplayField: rule.errorField,
        EntityDefinitionId: entityOf(object.name),
      })),
    );
    const { failingTriggers, fieldRewrites, duplicateRules } = org.automation;
    replaceRows(org, 'ValidationRule', null, rules);
    replaceRows(
      org,
      'ApexTrigger',
      null,
      failingTriggers.map(({ name, object }) => ({ Name: name, TableEnumOrId: object, Status: 'Active' })),
    );
    replaceRows(
      org,
      'FlowDefinitionView',
      null,
      fieldRewrites.map(({ object, field }) => ({
        ApiName: `Set_${field}`,
        Label: `Set ${field}`,
        ProcessType: 'AutoLaunchedFlow',
        TriggerType: 'RecordBeforeSave',
        IsActive: true,
        TriggerObjectOrEventId: entityOf(object),
      })),
    );
    replaceRows(
      org,
      'DuplicateRule',
      null,
      duplicateRules.map(({ name, object }) => ({
        DeveloperName: name.replace(/\W+/g, '_'),
        MasterLabel: name,
        SobjectType: object,
        IsActive: true,
      })),
    );
  });
  shown.set(org, { version: org.schema.version, automation: org.automation });
}

function replaceRows(
  org: Org,
  view: View,
  key: string | null,
  rows: readonly Values[],
  named: (name: string, id: string) => void = () => {},
): void {
  const object = org.objectNamed(view);
  const known = new Map<string, string>();
  for (const row of [...org.store.table(view).values()]) {
    if (key !== null) known.set(String(row.values[key]), row.id);
    org.store.remove(object, row.id);
  }
  const now = isoOf(org.clock.now());
  for (const values of rows) {
    const name = key === null ? '' : String(values[key]);
    const id = known.get(name) ?? org.nextId(object.keyPrefix);
    org.store.put(object, id, {
      ...values,
      Id: id,
      IsDeleted: false,
      CreatedDate: now,
      LastModifiedDate: now,
      SystemModstamp: now,
    });
    named(name, id);
  }
}
