import { z } from 'zod';
import { profileNames } from '../administration/administration.ts';
import { SalesforceError } from '../org/salesforce-error.ts';
import type { FaultEffect } from './faults.ts';
import type { HttpAnswer, HttpRequest, StandInParts } from './http-messages.ts';

/** The side channel `/__standin/…`: faults, clock, people and automation, for tests in another process. */

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const values = z.record(z.string(), value);
const count = { times: z.int().positive().optional(), skip: z.int().nonnegative().optional() };
const on = z.enum(['insert', 'update', 'save']);
const whole = z.int().nonnegative();

const effect = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('error'),
    code: z.string(),
    message: z.string(),
    status: z.int().optional(),
    fields: z.array(z.string()).optional(),
  }),
  z.object({ kind: z.literal('unavailable'), retryAfterSeconds: whole.optional() }),
  z.object({ kind: z.literal('tooManyRequests'), retryAfterSeconds: whole }),
  z.object({ kind: z.literal('html'), status: z.int() }),
  z.object({ kind: z.literal('limitExhausted') }),
  z.object({ kind: z.literal('expireToken') }),
  z.object({ kind: z.literal('resetConnection') }),
  z.object({ kind: z.literal('hang') }),
  z.object({ kind: z.literal('slow'), milliseconds: whole }),
  z.object({ kind: z.literal('cutBody'), afterBytes: whole }),
  z.object({ kind: z.literal('loseAnswer') }),
  z.object({ kind: z.literal('commitLate'), milliseconds: whole }),
  z.object({ kind: z.literal('editBefore'), id: z.string(), values }),
]);

interface Action {
  readonly body: z.ZodType;
  readonly run: (parts: StandInParts, body: never) => unknown;
}

const action = <Body>(body: z.ZodType<Body>, run: (parts: StandInParts, body: Body) => unknown): Action => ({
  body,
  run,
});

/** Optional keys that zod leaves undefined are left out, as exact optional properties demand. */
function compact<T extends object>(object: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

const byId = z.object({ id: z.string() });

const actions: Readonly<Record<string, Action>> = {
  faults: action(
    z.object({
      match: z
        .object({ method: z.string().optional(), path: z.string().optional(), object: z.string().optional() })
        .optional(),
      effect,
      ...count,
    }),
    ({ faults }, { match, effect: what, ...counts }) =>
      faults.inject(compact(match ?? {}), compact(what) as FaultEffect, compact(counts)),
  ),
  'row-faults': action(
    z.object({
      object: z.string(),
      where: z.object({ field: z.string(), value }).optional(),
      code: z.string(),
      message: z.string(),
      fields: z.array(z.string()).optional(),
      ...count,
    }),
    ({ faults }, { times, skip, ...fault }) => faults.injectRow(compact(fault), compact({ times, skip })),
  ),
  latency: action(z.object({ milliseconds: whole }), ({ faults }, body) => {
    faults.latencyMilliseconds = body.milliseconds;
  }),
  'clear-faults': action(z.object({}), ({ faults }) => faults.clear()),
  clock: action(z.object({ advanceMilliseconds: z.number() }), ({ org }, body) =>
    org.clock.advance(body.advanceMilliseconds),
  ),
  limits: action(z.record(z.string(), whole), ({ usage }, { used, ...settings }) => {
    Object.assign(usage.settings, settings);
    if (used !== undefined) usage.used = used;
  }),
  create: action(z.object({ object: z.string(), values }), ({ administration }, body) => ({
    id: administration.create(body.object, body.values),
  })),
  edit: action(z.object({ id: z.string(), values }), ({ administration }, body) =>
    administration.edit(body.id, body.values),
  ),
  delete: action(byId, ({ administration }, body) => administration.delete(body.id)),
  undelete: action(byId, ({ administration }, body) => administration.undelete(body.id)),
  merge: action(
    z.object({ survivorId: z.string(), loserIds: z.array(z.string()), values: values.optional() }),
    ({ administration }, body) => administration.merge(compact(body)),
  ),
  'convert-lead': action(
    z.object({
      leadId: z.string(),
      createOpportunity: z.boolean().optional(),
      opportunityName: z.string().optional(),
      accountId: z.string().optional(),
      fieldMapping: z.record(z.string(), z.string()).optional(),
    }),
    ({ administration }, body) => administration.convertLead(compact(body)),
  ),
  clone: action(
    z.object({ id: z.string(), by: z.enum(['salesPerson', 'administrator']).optional(), values: values.optional() }),
    ({ administration }, body) => ({ id: administration.clone(body.id, body.by, body.values) }),
  ),
  lock: action(
    z.object({ id: z.string(), administratorsMayEdit: z.boolean().optional() }),
    ({ administration }, { id, ...options }) => administration.lock(id, compact(options)),
  ),
  unlock: action(byId, ({ administration }, body) => administration.unlock(body.id)),
  unshare: action(z.object({ id: z.string(), userId: z.string() }), ({ administration }, body) =>
    administration.unshare(body.id, body.userId),
  ),
  share: action(z.object({ id: z.string(), userId: z.string() }), ({ administration }, body) =>
    administration.share(body.id, body.userId),
  ),
  queues: action(z.object({ developerName: z.string() }), ({ administration }, body) => ({
    id: administration.createQueue(body.developerName),
  })),
  'field-rewrites': action(
    z.object({ object: z.string(), on, when: z.string().optional(), field: z.string(), formula: z.string() }),
    ({ administration }, body) => administration.addFieldRewrite(compact(body)),
  ),
  'failing-triggers': action(
    z.object({
      name: z.string(),
      object: z.string(),
      on,
      when: z.string().optional(),
      moreRowsThan: whole.optional(),
      exception: z.string(),
    }),
    ({ administration }, body) => administration.addFailingTrigger(compact(body)),
  ),
  'duplicate-rules': action(
    z.object({
      name: z.string(),
      object: z.string(),
      fields: z.array(z.string()).min(1),
      action: z.enum(['block', 'alert']),
      message: z.string(),
    }),
    ({ administration }, body) => administration.addDuplicateRule(body),
  ),
  'clear-automation': action(z.object({}), ({ administration }) => administration.clearAutomation()),
  'late-visibility': action(
    z.object({ object: z.string(), milliseconds: whole, times: z.int().positive().optional() }),
    ({ administration }, body) => administration.delayVisibility(compact(body)),
  ),
  'user-active': action(z.object({ userId: z.string(), active: z.boolean() }), ({ administration }, body) =>
    administration.setUserActive(body.userId, body.active),
  ),
  users: action(
    z.object({
      username: z.string(),
      profile: z.enum(Object.keys(profileNames) as [keyof typeof profileNames]),
    }),
    ({ administration }, body) => administration.createUser(body),
  ),
  'permission-set-assignments': action(z.object({ userId: z.string(), name: z.string() }), ({ administration }, body) =>
    administration.assignPermissionSet(body.userId, body.name),
  ),
  'record-types': action(z.object({ object: z.string(), developerName: z.string() }), ({ administration }, body) => ({
    id: administration.createRecordType(body.object, body.developerName),
  })),
  certificates: action(z.object({ clientId: z.string(), certificate: z.string() }), ({ administration }, body) =>
    administration.setCertificate(body.clientId, body.certificate),
  ),
  'expire-sessions': action(z.object({}), ({ administration }) => administration.expireSessions()),
};

const refused = (status: number, error: string): HttpAnswer => ({ status, body: { error } });

/** `POST /__standin/<action>`, `GET /__standin/state`, `GET /__standin/rows?object=X`. */
export function adminRoute(parts: StandInParts, request: HttpRequest): HttpAnswer {
  // A web page in a browser on this machine could reach loopback too; its requests carry an Origin.
  if (request.headers.origin !== undefined) return refused(403, 'requests from web pages are refused');
  const name = request.path.slice('/__standin/'.length);
  try {
    if (request.method === 'GET') return read(parts, request, name);
    const found = actions[name];
    if (found === undefined) return refused(404, `no such action; there are ${Object.keys(actions).join(', ')}`);
    const parsed = found.body.safeParse(request.body === '' ? {} : JSON.parse(request.body));
    if (!parsed.success) return refused(400, z.prettifyError(parsed.error));
    return { status: 200, body: found.run(parts, parsed.data as never) ?? {} };
  } catch (error) {
    if (error instanceof SalesforceError) return refused(400, `${error.code}: ${error.message}`);
    if (error instanceof SyntaxError) return refused(400, `not understood: ${error.message}`);
    throw error;
  }
}

function read(parts: StandInParts, request: HttpRequest, name: string): HttpAnswer {
  if (name === 'rows') return { status: 200, body: parts.administration.rows(request.query.get('object') ?? '') };
  if (name !== 'state') return refused(404, 'there are state and rows');
  const { faults, usage, org } = parts;
  return {
    status: 200,
    body: {
      organizationId: org.organizationId,
      now: new Date(org.clock.now()).toISOString(),
      waitingFaults: faults.waiting(),
      strikes: faults.strikes,
      apiUsed: usage.used,
      callsByKind: usage.byKind,
      limits: usage.settings,
    },
  };
}
