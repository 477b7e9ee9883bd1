import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import type { Dependencies } from '../activities/dependencies.ts';

/**
 * Dies on purpose right before or right after the worker talks to something, for the fault harness: a kill at any other
 * moment is a kill between two such calls. Without the environment variables nothing is wrapped, so it costs nothing.
 *
 * `ACE_SYNC_CRASH_AT=<before|after>:<party>.<method>:<n>` arms one crash at start, at the n-th such call.
 * `ACE_SYNC_CRASH_FILE` names a file that arms the next one whenever it appears, with the same text inside; the worker
 * takes the file away, and appends the point to `<file>.struck` right before it dies.
 */

type Parties = Pick<Dependencies, 'bucket' | 'crm' | 'journal' | 'client'>;

/** The calls of each party at which a worker can be told to die. */
export const crashPoints = {
  bucket: ['list', 'get', 'put', 'readTag', 'tag', 'delete', 'exists'],
  crm: ['identity', 'find', 'write', 'changes', 'exists', 'connectionRow'],
  journal: ['archive', 'read', 'recordOutcomes', 'recordChanges', 'confirmChanges'],
  temporal: ['signalWithStart', 'count', 'describe', 'signal'],
} as const;

interface Crash {
  readonly moment: string;
  readonly call: string;
  left: number;
}

type Visit = (moment: 'before' | 'after', call: string) => void;

/** @returns the parties themselves, or ones that die where they were told to. */
export function withCrashPoints(parties: Parties, environment = process.env): Parties {
  const { ACE_SYNC_CRASH_AT: at, ACE_SYNC_CRASH_FILE: file } = environment;
  if (!at && !file) return parties;
  const visit = createVisit(at ? parse(at) : null, file);
  return {
    bucket: dying(parties.bucket, 'bucket', crashPoints.bucket, visit),
    crm: dying(parties.crm, 'crm', crashPoints.crm, visit),
    journal: dying(parties.journal, 'journal', crashPoints.journal, visit),
    client: dyingClient(parties.client, visit),
  };
}

function createVisit(atStart: Crash | null, file: string | undefined): Visit {
  let armed = atStart;
  return (moment, call) => {
    if (file !== undefined && existsSync(file)) {
      armed = parse(readFileSync(file, 'utf8').trim());
      rmSync(file, { force: true });
    }
    if (armed === null || armed.moment !== moment || armed.call !== call) return;
    armed.left -= 1;
    if (armed.left > 0) return;
    if (file !== undefined) appendFileSync(`${file}.struck`, `${moment}:${call}\n`);
    process.kill(process.pid, 'SIGKILL');
  };
}

function parse(text: string): Crash | null {
  const [moment, call, nth] = text.split(':');
  return moment === undefined || call === undefined ? null : { moment, call, left: Number(nth ?? 1) };
}

function dying<T extends object>(target: T, party: string, methods: readonly string[], visit: Visit): T {
  return new Proxy(target, {
    get(_, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      if (!methods.includes(String(name))) return member.bind(target);
      return async (...args: unknown[]) => {
        visit('before', `${party}.${String(name)}`);
        const answer: unknown = await Reflect.apply(member, target, args);
        visit('after', `${party}.${String(name)}`);
        return answer;
      };
    },
  });
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
