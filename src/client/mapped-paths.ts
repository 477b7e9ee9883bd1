import { fieldDefinition } from '../ace/fields.ts';
import { sharedObjects } from '../crm/crm.ts';
import type { MappedPath } from '../crm/salesforce/check/check-salesforce.ts';
import type { CompiledField, Mapping, NewRecordRule } from '../mapping/compile.ts';
import { isSearchable } from '../mapping/duplicates.ts';
import { relationOf } from '../mapping/new-record-rules.ts';
import type { RelatedRule } from '../mapping/related-records.ts';

/** What the mapping does with each CRM path, for the check against the org. Fields of the companion row are ours. */
export function mappedPaths(mapping: Mapping): readonly MappedPath[] {
  return sharedObjects.flatMap((object) => {
    const entry = mapping[object];
    const read = entry.crmPaths.map((path): MappedPath => ({ object, path, access: 'read' }));
    const written = entry.fields
      .filter((field) => field.rowField === null && field.direction !== 'out')
      .map((field): MappedPath => {
        const maxLength = longest(object, field);
        return {
          object,
          path: field.crm,
          access: 'write',
          ...(maxLength === null ? {} : { maxLength }),
          ...(field.values === null ? {} : { values: [...field.values.toCrm.values()].map(String) }),
        };
      });
    const created = entry.create.map((rule) => givenAtFirst(object, rule));
    const { pendingStage, endedStage, endedLeadStatus, stageField } = entry.referral;
    const answered = [
      ...listed(object, stageField, object === 'opportunity' && pendingStage ? [pendingStage, endedStage] : []),
      ...listed('lead', 'Status', [endedLeadStatus]),
    ];
    const recordType: readonly MappedPath[] =
      entry.recordTypeId === undefined && entry.recordTypes.length === 0
        ? []
        : [{ object, path: 'RecordTypeId', access: 'write' }];
    const related = entry.related.flatMap((rule) => relatedPaths(object, rule));
    const searched = (entry.duplicates?.keys ?? []).flatMap((key) =>
      key.map((part): MappedPath => ({ object, path: part.crm, access: isSearchable(part) ? 'search' : 'read' })),
    );
    const referralLead = entry.referralLead.map((rule) => givenAtFirst('lead', rule));
    return [...referralLead, ...read, ...written, ...created, ...answered, ...recordType, ...related, ...searched];
  });
}

/** A field of a new record; a fixed value is one that people could choose. */
const givenAtFirst = (object: MappedPath['object'], { field, value }: NewRecordRule): MappedPath => ({
  object,
  path: field,
  access: 'write',
  ...(typeof value === 'string' ? { values: [value] } : {}),
});

/** A picklist that gets these values while a referral goes its way. */
function listed(
  object: MappedPath['object'],
  path: string,
  values: readonly (string | undefined)[],
): readonly MappedPath[] {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? [] : [{ object, path, access: 'write', values: known }];
}

function relatedPaths(
  object: MappedPath['object'],
  { reference, externalId, fields, parent }: RelatedRule,
): readonly MappedPath[] {
  const made = [externalId, ...Object.keys(fields), ...(parent === null ? [] : [parent.field])];
  return [
    { object, path: reference, access: 'write' },
    ...made.map((name): MappedPath => ({ object, path: `${relationOf(reference)}.${name}`, access: 'create' })),
  ];
}

/** A text that is cut, converted or mapped does not arrive in ACE's length. */
function longest(object: 'opportunity' | 'lead', field: CompiledField): number | null {
  const plain =
    field.cutTo?.crm === undefined && field.values === null && field.transform.in === null && !field.convert;
  return plain ? (fieldDefinition(object, field.ace)?.maxLength ?? null) : null;
}
