import { decideUpload, renderUpload, type UploadDecision } from '../../../src/activities/decide-upload.ts';
import type { Dependencies } from '../../../src/activities/dependencies.ts';
import type { LinkedState } from '../../../src/activities/linked-records.ts';
import { emptySentState, type Send, type SentState, withBaseline, withSend } from '../../../src/mapping/sync-state.ts';
import { crmOpportunity, crmRow, defaultMapping, hash, now, plusMinutes, World } from '../mapping/world.ts';

/** What the pure activities use of a worker; everything else throws when it is touched. */
export function pureDependencies(time: string = now): Dependencies {
  const known: Partial<Dependencies> = {
    config: {
      connection: 'main',
      installation: 'one',
      mode: 'live',
      tryAgain: { after: 600, most: 3 },
      pingPong: { within: 3600, mostAutomatic: 6, mostInAll: 20 },
      ace: { spmsId: '123456', environment: 'beta', payloadVersion: 2, programme: 'consulting' },
    } as Dependencies['config'],
    mapping: defaultMapping,
    sample: null,
    hash,
    now: () => new Date(time),
  };
  return new Proxy(known, {
    get: (target, name) => {
      if (name in target) return target[name as keyof Dependencies];
      throw new Error(`A pure activity touched ${String(name)}.`);
    },
  }) as Dependencies;
}

/** A record with its state as the activities read it. */
export function linkedState(world: World, changes: Partial<LinkedState> = {}): LinkedState {
  return {
    linked: world.linked,
    stamp: world.stamp,
    sent: world.sent,
    received: world.received,
    intent: null,
    obstacle: null,
    writtenByUs: false,
    editedAt: null,
    ...changes,
  };
}

export const sharedRecord = (): World => new World('opportunity').link(crmOpportunity, crmRow, null);

export function decide(
  world: World,
  options: { readonly retry?: boolean; readonly state?: Partial<LinkedState>; readonly time?: string } = {},
): Promise<UploadDecision> {
  const state = linkedState(world, options.state);
  return decideUpload(pureDependencies(options.time), world.object, state, { retry: options.retry ?? false });
}

export async function renderNow(world: World, time: string = now): Promise<Send> {
  const rendered = await renderUpload(pureDependencies(time), world.object, linkedState(world));
  if (rendered === null) throw new Error('Nothing is due.');
  return rendered.send;
}

/** The record was sent as it is now, and ACE answered with a refusal of this class. */
export async function refused(world: World, verdict: string, code = 'ACE_REFUSED'): Promise<Send> {
  const send = await renderNow(world);
  const before: SentState = world.sent ?? withBaseline(emptySentState(world.stamp), {});
  world.sent = {
    ...withSend(before, send),
    lastResult: { name: send.name, at: plusMinutes(now, 5), class: verdict, code },
  };
  return send;
}
