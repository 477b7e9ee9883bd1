import type { Component } from '../org/org.ts';
import { asRequestErrorBody, errors, SalesforceError } from '../org/salesforce-error.ts';
import type { ObjectDefinition, Values } from '../org/schema.ts';
import { isJsonObject, type JsonObject } from '../records/record-input.ts';
import { rowById, saveOne } from '../records/record-life-cycle.ts';
import { type ApiCall, bodyOf, type HttpAnswer, saveContextOf } from './http-messages.ts';
import { listOf } from './soap-xml.ts';

const named = (object: ObjectDefinition, fullName: string): string | null =>
  fullName.startsWith(`${object.name}.`) ? fullName.slice(object.name.length + 1) : null;

/** `GET /sobjects/T/quickActions`: the actions that the metadata API put on the object. */
export function listQuickActions(call: ApiCall, object: ObjectDefinition): HttpAnswer {
  const actions = [...call.org.components('QuickAction')].flatMap(([fullName, component]) => {
    const name = named(object, fullName);
    if (name === null) return [];
    const { label, type } = component;
    const base = `/services/data/v${call.version}/sobjects/${object.name}/quickActions/${name}`;
    return [{ label, name, type, urls: { quickAction: base, describe: `${base}/describe` } }];
  });
  return { status: 200, body: actions };
}

/**
 * `POST /sobjects/T/quickActions/<name>` with the record it stands on and what the form says: a person pressing the
 * button. Values that the action sets by itself win over the form, as on an org.
 */
export function runQuickAction(call: ApiCall, object: ObjectDefinition, name: string): HttpAnswer {
  const component = call.org.components('QuickAction').get(`${object.name}.${name}`);
  if (component === undefined) throw errors.noSuchResource();
  if (call.request.method !== 'POST') return { status: 200, body: { ...component, name } };
  const body = bodyOf(call);
  const contextId = typeof body.contextId === 'string' ? body.contextId : '';
  const form = isJsonObject(body.record) ? (body.record as Values) : {};
  const outcome = { contextId, feedItemIds: null };
  try {
    const { id, created } = perform(call, component, contextId, form);
    return { status: 200, body: { ...outcome, created, errors: [], ids: [id], success: true } };
  } catch (error) {
    if (!(error instanceof SalesforceError)) throw error;
    return { status: error.status, body: asRequestErrorBody(error) };
  }
}

function perform(
  call: ApiCall,
  action: Component,
  contextId: string,
  form: Values,
): { readonly id: string; readonly created: boolean } {
  const context = saveContextOf(call);
  const overrides: Values = {};
  for (const one of listOf(action.fieldOverrides).filter(isJsonObject)) overrides[String(one.field)] = literalOf(one);
  if (action.type === 'Update') {
    const { object, row } = rowById(call.org, contextId);
    return { id: saveOne(context, object, row.id, { ...form, ...overrides }), created: false };
  }
  if (action.type !== 'Create')
    throw new SalesforceError('INVALID_OPERATION', `quick actions of type ${String(action.type)} cannot be run here`);
  const target = call.org.objectNamed(String(action.targetObject));
  const parent = typeof action.targetParentField === 'string' ? { [action.targetParentField]: contextId } : {};
  return { id: saveOne(context, target, null, { ...parent, ...form, ...overrides }), created: true };
}

const literalOf = (override: JsonObject): string | null =>
  typeof override.literalValue === 'string' ? override.literalValue : null;
