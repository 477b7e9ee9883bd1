import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Activities } from '../activities/create-activities.ts';
import type { Dependencies } from '../activities/dependencies.ts';

/**
 * Dies on purpose right before or right after the worker talks to something, for the fault harness: a kill at any other
 * moment is a kill between two such calls. A step of a workflow is a call of the party `activity`. Without the
 * environment variable nothing is wrapped, so it costs nothing.
 *
 * `ACE_SYNC_CRASH_FOLDER` names a folder in which a file arms the point that it is named after, such as
 * `before:crm.write`, as long as it lies there; a number in it means the n-th such call of this process. The worker takes
 * the file away right before it dies, notes the point in `struck`, and in `visited` every point that it came by.
 */

type Parties = Pick<Dependencies, 'bucket' | 'crm' | 'journal' | 'client'>;

/** The calls of each party at which a worker can be told to die. */
export const crashPoints = {
  bucket: ['list', 'get', 'put', 'readTag', 'tag', 'delete', 'exists'],
  crm: ['identity', 'find', 'write', 'changes', 'answered', 'exists', 'connectionRow', 'waitingRows'],
  journal: ['archive', 'read', 'recordOutcomes', 'recordChanges', 'confirmChanges', 'outcomes'],
  temporal: ['signalWithStart', 'count', 'describe', 'signal', 'list'],
} as const;

export type CrashPoint = `${'before' | 'after'}:${string}`;
type Visit = (point: CrashPoint) => void;

/** @returns the parties themselves, or ones that die where they were told to. */
export function withCrashPoints(parties: Parties, environment = process.env): Parties {
  const { ACE_SYNC_CRASH_FOLDER: folder } = environment;
  if (!folder) return parties;
  const visit = createVisit(folder);
  return {
    bucket: dying(parties.bucket, 'bucket', crashPoints.bucket, visit),
    crm: dying(parties.crm, 'crm', crashPoints.crm, visit),
    journal: dying(parties.journal, 'journal', crashPoints.journal, visit),
    client: dyingClient(parties.client, visit),
  };
}

/** @returns the activities themselves, or ones that die before they begin, or before anybody hears of their end. */
export function withCrashesAtSteps(activities: Activities, environment = process.env): Activities {
  const { ACE_SYNC_CRASH_FOLDER: folder } = environment;
  return folder ? dying(activities, 'activity', Object.keys(activities), createVisit(folder)) : activities;
}

function createVisit(folder: string): Visit {
  const visits = new Map<CrashPoint, number>();
  return (point) => {
    const count = (visits.get(point) ?? 0) + 1;
    visits.set(point, count);
    if (count === 1) appendFileSync(join(folder, 'visited'), `${point}\n`);
    const arming = join(folder, point);
    if (!existsSync(arming) || count < Number(readFileSync(arming, 'utf8') || 1)) return;
    rmSync(arming);
    appendFileSync(join(folder, 'struck'), `${point}\n`);
    process.kill(process.pid, 'SIGKILL');
  };
}

function dying<T extends object>(target: T, party: string, methods: readonly string[], visit: Visit): T {
  return new Proxy(target, {
    get(_, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      if (!methods.includes(String(name))) return member.bind(target);
      const call = `${party}.${String(name)}`;
      return (...args: unknown[]): unknown => {
        visit(`before:${call}`);
        const answer: unknown = Reflect.apply(member, target, args);
        if (isListing(answer)) return dyingListing(answer, call, visit);
        return Promise.resolve(answer).then((settled) => {
          visit(`after:${call}`);
          return settled;
        });
      };
    },
  });
}

const isListing = (answer: unknown): answer is AsyncIterable<unknown> =>
  typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;

/** A listing talks while somebody walks through it. */
async function* dyingListing(listing: AsyncIterable<unknown>, call: string, visit: Visit): AsyncGenerator<unknown> {
  yield* listing;
  visit(`after:${call}`);
}

/** Of Temporal's client, the calls on workflows and on the handles that it gives. */
function dyingClient(client: Dependencies['client'], visit: Visit): Dependencies['client'] {
  const workflows = dying(client.workflow, 'temporal', crashPoints.temporal, visit);
  const workflow = new Proxy(workflows, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (name !== 'getHandle' || typeof member !== 'function') return member;
      return (...args: unknown[]) =>
        dying(Reflect.apply(member, target, args) as object, 'temporal', crashPoints.temporal, visit);
    },
  });
  return new Proxy(client, {
    get: (target, name) => (name === 'workflow' ? workflow : Reflect.get(target, name, target)),
  });
}
