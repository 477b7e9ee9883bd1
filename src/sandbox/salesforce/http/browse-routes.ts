import { errors } from '../org/salesforce-error.ts';
import type { ObjectDefinition } from '../org/schema.ts';
import { attributesOf, type JsonRecord } from '../records/record-output.ts';
import { runQuery } from '../soql/run-query.ts';
import type { ApiCall, HttpAnswer } from './http-messages.ts';

/** Rows that `GET /recent` gives at most. */
const mostRecent = 200;

/** Rows that the user wrote last, newest first. */
export function recentItems(call: ApiCall, only: ObjectDefinition | null): JsonRecord[] {
  const { org, access, version } = call;
  const items = [];
  for (const object of only === null ? org.schema.objects() : [only]) {
    if (object.readOnly || !access.object(object).read) continue;
    for (const row of org.store.table(object.name).values()) {
      const { LastModifiedById, SystemModstamp, IsDeleted, Name } = row.values;
      if (LastModifiedById !== access.userId || IsDeleted === true) continue;
      items.push({ id: row.id, object, name: Name ?? null, at: String(SystemModstamp) });
    }
  }
  items.sort((left, right) => (left.at < right.at ? 1 : -1));
  const asked = Number(call.request.query.get('limit') ?? mostRecent);
  return items.slice(0, Math.min(asked, mostRecent)).map(({ id, object, name }) => ({
    attributes: attributesOf(version, object.name, id),
    Id: id,
    Name: name,
  }));
}

/** `GET /sobjects/T/listviews`: the list views that the metadata API put on the object. */
export function listViews(call: ApiCall, object: ObjectDefinition): HttpAnswer {
  const views = [...call.org.components('ListView')].flatMap(([fullName, component]) => {
    if (!fullName.startsWith(`${object.name}.`)) return [];
    const developerName = fullName.slice(object.name.length + 1);
    return [{ developerName, id: developerName, label: component.label, soqlCompatible: true }];
  });
  const nextRecordsUrl = null;
  return {
    status: 200,
    body: { done: true, listviews: views, nextRecordsUrl, size: views.length, sobjectType: object.name },
  };
}

/** `GET /tabs`. */
export function tabs(call: ApiCall): HttpAnswer {
  const body = [...call.org.components('CustomTab').keys()].map((name) => ({
    custom: true,
    label: call.org.schema.object(name)?.labelPlural ?? name,
    name,
    sobjectName: name,
    url: `${call.url()}/lightning/o/${name}/home`,
  }));
  return { status: 200, body };
}

/** `GET /search?q=FIND {text} IN ALL FIELDS RETURNING Account(Id, Name), …`: the words anywhere in the name. */
export function search(call: ApiCall): HttpAnswer {
  const parsed = /^\s*FIND\s*\{((?:\\.|[^}\\])*)\}(?:\s+IN\s+\w+\s+FIELDS)?\s+RETURNING\s+(.+)$/is.exec(
    call.request.query.get('q') ?? '',
  );
  if (parsed === null) throw errors.malformedQuery('unexpected token in search');
  const words = (parsed[1] ?? '').replace(/\\(.)/g, '$1').replaceAll('*', '%').replace(/['\\]/g, '\\$&');
  const returning = [...(parsed[2] ?? '').matchAll(/(\w+)\s*(?:\(([^)]*)\))?/g)];
  const searchRecords = returning.flatMap(([, object = '', fields = 'Id']) => {
    const soql = `SELECT ${fields} FROM ${object} WHERE Name LIKE '%${words}%'`;
    const { org, access } = call;
    const result = runQuery({ org, access, soql, includeDeleted: false }, call.version);
    return result.render(0, Math.min(result.count, mostRecent));
  });
  return { status: 200, body: { searchRecords } };
}
