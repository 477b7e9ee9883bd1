import type { Evidence, Violation } from '../evidence.ts';
import { markOf } from '../marks.ts';
import { editedFields } from './fields.ts';

const fieldsOf = (on: 'record' | 'row', object: 'opportunity' | 'lead'): readonly string[] =>
  editedFields[object].flatMap((field) => [
    ...(field.on === on ? [field.crm] : []),
    ...(on === 'row' && field.mirror !== undefined ? [field.mirror] : []),
  ]);

/** Where the mapping's fields stand, and how the journal calls them. */
const watched: Readonly<Record<string, { readonly prefix: string; readonly fields: readonly string[] }>> = {
  Opportunity: { prefix: '', fields: fieldsOf('record', 'opportunity') },
  Lead: { prefix: '', fields: fieldsOf('record', 'lead') },
  ACE_Sync__c: { prefix: 'ACE_Sync__r.', fields: [...fieldsOf('row', 'opportunity'), ...fieldsOf('row', 'lead')] },
};

const keyOf = (crmId: unknown, field: string, value: unknown): string =>
  JSON.stringify([crmId, field, markOf(value) ?? value]);

/** Every value of a mapped field that the sync wrote is a line of the journal, under the record's id or its ACE id. */
export function checkJournal({ crm, changes, integrationUserId }: Evidence): readonly Violation[] {
  const journaled = new Set(changes.map(({ crmId, field, after }) => keyOf(crmId, field, after)));
  const before = new Map<string, Readonly<Record<string, unknown>>>();
  return crm.commits.flatMap(({ object, id, values }): Violation[] => {
    const last = before.get(id) ?? {};
    before.set(id, values);
    const { prefix, fields } = watched[object] ?? { prefix: '', fields: [] };
    if (values.LastModifiedById !== integrationUserId) return [];
    const names = [id, values.CRM_Record_Id__c, `new:${values.ACE_Id__c}`];
    return fields
      .filter((field) => markOf(values[field]) !== null && values[field] !== last[field])
      .filter((field) => !names.some((name) => journaled.has(keyOf(name, prefix + field, values[field]))))
      .map((field) => ({
        promise: 'lost',
        where: `${object} ${id}`,
        what: `no line of the journal tells of ${field}`,
      }));
  });
}
