import { errors } from '../org/salesforce-error.ts';
import { listViews, recentItems, search, tabs } from './browse-routes.ts';
import { deleteCollection, retrieveCollection, saveCollection, upsertCollection } from './collection-routes.ts';
import { composite, compositeBatch } from './composite-routes.ts';
import { describeObject, describeSummary } from './describe.ts';
import type { ApiCall, HttpAnswer } from './http-messages.ts';
import { query, queryMore } from './query-routes.ts';
import { listQuickActions, runQuickAction } from './quick-action-routes.ts';
import { changedBetween, createRecord, recordByExternalId, recordById } from './record-routes.ts';
import { createFieldByTooling } from './tooling-routes.ts';

/** Versions that a current org still serves. */
export const apiVersions: readonly number[] = Array.from({ length: 36 }, (_, index) => 31 + index);

const seasons = ['Spring', 'Summer', 'Winter'];
export function versionList(): unknown {
  return apiVersions.map((number) => {
    const season = seasons[number % 3] ?? '';
    const year = 10 + Math.floor((number - 17) / 3);
    return { label: `${season} '${year}`, url: `/services/data/v${number}.0`, version: `${number}.0` };
  });
}

/** One request to `/services/data/vXX.X/…`. @throws SalesforceError for the error answer. */
export function routeApi(call: ApiCall): HttpAnswer {
  const [first, second, third, fourth, ...rest] = call.segments;
  switch (first) {
    case undefined:
      return { status: 200, body: resources(call) };
    case 'limits':
      return { status: 200, body: limits(call) };
    case 'query':
      return second === undefined ? query(call, false) : queryMore(call, second);
    case 'queryAll':
      return second === undefined ? query(call, true) : queryMore(call, second);
    case 'sobjects':
      if (rest.length > (third === 'describe' ? 1 : 0)) throw errors.noSuchResource();
      return sobjects(call, second, third, fourth);
    case 'composite':
      if (second === undefined) return composite(call, routeApi);
      if (second === 'batch') return compositeBatch(call, routeApi);
      if (second === 'sobjects' && rest.length === 0) return collections(call, third, fourth);
      throw errors.noSuchResource();
    case 'search':
      return search(call);
    case 'recent':
      return { status: 200, body: recentItems(call, null) };
    case 'tabs':
      return tabs(call);
    case 'theme':
      return { status: 200, body: { themeItems: [] } };
    case 'quickActions':
      return { status: 200, body: [] };
    case 'tooling':
      return tooling(call, second, third);
    default:
      return notThere();
  }
}

function tooling(call: ApiCall, second?: string, third?: string): HttpAnswer {
  if (second === 'query') return query(call, false);
  if (second === 'sobjects' && third === 'CustomField' && call.request.method === 'POST')
    return createFieldByTooling(call);
  return notThere();
}

const notThere = (): never => {
  throw errors.noSuchResource();
};

function sobjects(call: ApiCall, name?: string, third?: string, fourth?: string): HttpAnswer {
  const { org, access, version, request } = call;
  if (name === undefined) {
    const visible = org.schema.objects().filter((object) => access.object(object).read);
    const described = visible.map((object) => describeSummary(access, version, object));
    return { status: 200, body: { encoding: 'UTF-8', maxBatchSize: 200, sobjects: described } };
  }
  const object = org.schema.object(name);
  if (object === undefined || !access.object(object).read) throw errors.noSuchResource();
  if (third === undefined) {
    if (request.method === 'POST') return createRecord(call, object);
    const objectDescribe = describeSummary(access, version, object);
    return { status: 200, body: { objectDescribe, recentItems: recentItems(call, object) } };
  }
  if (third === 'describe' && fourth !== undefined)
    return { status: 200, body: { layouts: [], recordTypeMappings: [] } };
  if (third === 'listviews' && fourth === undefined) return listViews(call, object);
  if (third === 'quickActions')
    return fourth === undefined ? listQuickActions(call, object) : runQuickAction(call, object, fourth);
  if (third === 'describe') return { status: 200, body: describeObject(org, access, version, object) };
  if (third === 'deleted' || third === 'updated') return changedBetween(call, object, third);
  return fourth === undefined ? recordById(call, object, third) : recordByExternalId(call, object, third, fourth);
}

function collections(call: ApiCall, object?: string, field?: string): HttpAnswer {
  const { method } = call.request;
  if (object === undefined) {
    if (method === 'POST') return saveCollection(call, 'create');
    if (method === 'PATCH') return saveCollection(call, 'update');
    if (method === 'DELETE') return deleteCollection(call);
  } else if (field === undefined) {
    if (method === 'POST') return retrieveCollection(call, object);
  } else if (method === 'PATCH') {
    return upsertCollection(call, object, field);
  }
  throw errors.methodNotAllowed(method);
}

function resources(call: ApiCall): unknown {
  const base = `/services/data/v${call.version}`;
  const { org, access } = call;
  return {
    composite: `${base}/composite`,
    identity: `${call.url()}/id/${org.organizationId}/${access.userId}`,
    limits: `${base}/limits`,
    query: `${base}/query`,
    queryAll: `${base}/queryAll`,
    sobjects: `${base}/sobjects`,
    tooling: `${base}/tooling`,
  };
}

function limits(call: ApiCall): unknown {
  const { settings, used } = call.usage;
  return {
    DailyApiRequests: { Max: settings.dailyApiRequests, Remaining: Math.max(0, settings.dailyApiRequests - used) },
    DailyBulkV2QueryJobs: { Max: 10_000, Remaining: 10_000 },
    DataStorageMB: { Max: 5, Remaining: 5 },
    FileStorageMB: { Max: 20, Remaining: 20 },
  };
}
