import type { AceRecord } from '../ace/ace-record.ts';
import { fieldTables } from '../ace/fields.ts';
import type { SharedObject } from '../crm/crm.ts';
import { createDescribeCache } from '../crm/salesforce/describe-cache.ts';
import { crmFields, query } from '../crm/salesforce/query.ts';
import { selectOf } from '../crm/salesforce/read-linked.ts';
import { sobjectOf } from '../crm/salesforce/record-objects.ts';
import type { SalesforceSession } from '../crm/salesforce/session.ts';
import type { FieldEntry } from '../mapping/mapping-file.ts';
import { count, type FieldUse, isList, noUse, type ObjectUse } from '../mapping/workbook/values-in-use.ts';
import { labelOf } from './field-labels.ts';
import { describePath } from './field-paths.ts';

/** Records of the CRM that are looked at, those changed last first: what people use today, in five pages of a query. */
const mostRecords = 10_000;

/** What live records and the newest exports hold in the fields of a mapping. Only reads. */
export async function valuesInUse(
  session: SalesforceSession,
  object: SharedObject,
  fields: readonly FieldEntry[],
  exported: Iterable<AceRecord>,
): Promise<ObjectUse> {
  const cache = createDescribeCache(session, Date.now);
  const labels = new Map<string, string | null>();
  for (const { crm } of fields) labels.set(crm, labelOf(await describePath(cache, object, crm)));
  const seen = fields.filter(({ crm }) => labels.get(crm) !== null);
  const crm = new Map(seen.map((field) => [field.crm, { use: noUse(), list: isList(object, field.ace) }]));
  const rows =
    crm.size === 0
      ? []
      : await query(
          session,
          `query of ${sobjectOf[object]}`,
          `SELECT ${selectOf(['Id', ...crm.keys()])} FROM ${sobjectOf[object]} ORDER BY LastModifiedDate DESC LIMIT ${mostRecords}`,
        );
  for (const row of rows) {
    const values = crmFields(row, [...crm.keys()]);
    for (const [path, { use, list }] of crm) count(use, values[path], list);
  }
  return {
    records: rows.length,
    crm: new Map([...crm].map(([path, { use }]) => [path, use])),
    labels,
    ...exportsOf(object, exported),
  };
}

function exportsOf(object: SharedObject, exported: Iterable<AceRecord>): Pick<ObjectUse, 'exports' | 'ace'> {
  const ace = new Map(fieldTables[object].map(({ name }): [string, FieldUse] => [name, noUse()]));
  let exports = 0;
  for (const record of exported) {
    exports += 1;
    for (const [name, use] of ace) count(use, record[name], isList(object, name));
  }
  return { exports, ace };
}
