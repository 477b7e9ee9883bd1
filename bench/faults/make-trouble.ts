import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { createChance } from '../../src/sandbox/ace/random.ts';
import { defaultSwitches, type SwitchName } from '../../src/sandbox/ace/switches.ts';
import { crashPoints } from '../../src/worker/crash-points.ts';
import { markedText, type Numbers } from './marks.ts';
import type { FaultOptions } from './options.ts';
import type { Stage } from './stage.ts';
import { aceTroubles, crmTrouble, refusalText, type S3Fault, s3Troubles, type Trouble } from './troubles.ts';

export interface TroubleMaker {
  /** Resolves when the day is over and every trouble was taken back. */
  work(milliseconds: number): Promise<void>;
  kills(): number;
  /** How often a worker died at each crash point. */
  crashes(): Readonly<Record<string, number>>;
}

/** Requests of the sync, not those of the people: shared calls, queries and collections. */
const callsOfTheSync = '/(composite|query|queryAll)[/?]';

/** A worker needs some seconds to come up; killing it again before that proves nothing. */
const leastLifeMs = 4_000;

/** Every call at which a worker can die, before it and after it, in an order drawn from the seed. */
function allCrashPoints(seed: number): readonly string[] {
  const chance = createChance(seed);
  return Object.entries(crashPoints)
    .flatMap(([party, calls]) => calls.flatMap((call) => [`before:${party}.${call}`, `after:${party}.${call}`]))
    .sort((a, b) => chance.share('crash point', a) - chance.share('crash point', b));
}

export function createTroubleMaker(
  stage: Stage,
  options: FaultOptions,
  numbers: Numbers,
  say: (line: string) => void,
): TroubleMaker {
  const { ace, standIn, workers } = stage;
  const { seed, waits } = options;
  const chance = createChance(seed);
  const ending = new AbortController();
  const points = allCrashPoints(seed);
  const activeFaults = new Set<S3Fault>();
  let kills = 0;

  const pause = async (milliseconds: number): Promise<void> => {
    await delay(milliseconds * waits, undefined, { signal: ending.signal }).catch(() => undefined);
  };
  const over = () => ending.signal.aborted;

  async function killWorkers(): Promise<void> {
    const mean = 60_000 / options.killsPerMinute;
    const lastKill = new Map<number, number>();
    for (let number = 1; !over(); number += 1) {
      await pause((mean / waits) * (0.4 + 1.2 * chance.share('kill', number)));
      const position = chance.whole(0, workers.length - 1, 'victim', number);
      const worker = workers[position];
      if (over() || worker === undefined) return;
      if (Date.now() - (lastKill.get(position) ?? 0) < leastLifeMs * waits) continue;
      lastKill.set(position, Date.now());
      if (number % 2 === 0) {
        const point = points[(number / 2 - 1) % points.length];
        writeFileSync(`${worker.crashFile}.new`, `${point}:${chance.whole(1, 2, 'nth', number)}`);
        renameSync(`${worker.crashFile}.new`, worker.crashFile);
      } else if (worker.child.pid !== null) {
        kills += 1;
        worker.child.kill('SIGKILL');
      }
    }
  }

  async function troubleFrom(name: string, everyMs: number, draw: (number: number) => Trouble): Promise<void> {
    for (let number = 1; !over(); number += 1) {
      await pause(everyMs * (0.3 + 1.4 * chance.share(name, 'pause', number)));
      if (over()) return;
      await meet(draw(number), 1_000 + 5_000 * chance.share(name, 'length', number), number);
    }
  }

  async function meet(trouble: Trouble, milliseconds: number, number: number): Promise<void> {
    switch (trouble.kind) {
      case 's3':
        activeFaults.add(trouble.fault);
        await ace.setSwitches({ faults: [...activeFaults] });
        await pause(milliseconds);
        activeFaults.delete(trouble.fault);
        await ace.setSwitches({ faults: [...activeFaults] });
        return;
      case 'ace': {
        await ace.setSwitches(trouble.switches);
        await pause(milliseconds);
        const names = Object.keys(trouble.switches) as SwitchName[];
        await ace.setSwitches(Object.fromEntries(names.map((name) => [name, defaultSwitches[name]])));
        return;
      }
      case 'constantName':
        await overwriteExports();
        return;
      case 'crm':
        if (isFaulty()) return;
        standIn.faults.inject({ path: callsOfTheSync }, trouble.effect, { times: trouble.times });
        return;
      case 'rowLock':
        if (isFaulty()) return;
        standIn.faults.lockRows(trouble.object, { times: trouble.times });
        return;
      case 'rowRefusal':
        standIn.faults.injectRow({ object: trouble.object, code: 'STRING_TOO_LONG', message: refusalText(number) });
        return;
      case 'crmClock':
        standIn.clock.advance(trouble.milliseconds);
        return;
      case 'lateVisibility':
        standIn.administration.delayVisibility({ ...trouble, times: 3 });
        return;
    }
  }

  /** Faults that nobody met yet are met first: a CRM that never answers proves nothing but patience. */
  function isFaulty(): boolean {
    return standIn.faults.waiting() > 0;
  }

  /**
   * Exports under one constant name while the last one may still lie there. What is overwritten before anybody could
   * read it is lost by ACE's doing, so AWS touches those records again afterwards.
   */
  async function overwriteExports(): Promise<void> {
    await ace.setSwitches({ outboundName: 'constant', exportPaused: true });
    const touched = new Set<string>();
    for (let round = 1; round <= 3; round += 1) {
      for (const { aceIds } of await ace.exportNow()) for (const aceId of aceIds) touched.add(aceId);
      await pause(1_500);
    }
    await ace.setSwitches({ outboundName: 'unique', exportPaused: false });
    for (const id of touched) {
      const { object } = await ace.record({ id });
      const mark = markedText('aws', numbers.next());
      await ace.edit({ id, fields: object === 'lead' ? { title: `Manager ${mark}` } : { nextStep: `Call ${mark}` } });
    }
  }

  async function disturbTemporal(milliseconds: number): Promise<void> {
    const moments = Array.from({ length: options.restarts }, (_, index) => ({
      at: 0.15 + 0.75 * chance.share('restart', index),
      lose: false,
    }));
    if (options.loseTemporal) moments.push({ at: 0.4 + 0.2 * chance.share('lose'), lose: true });
    moments.sort((a, b) => a.at - b.at);
    let passed = 0;
    for (const { at, lose } of moments) {
      await delay(Math.max(0, at - passed) * milliseconds, undefined, { signal: ending.signal }).catch(() => undefined);
      passed = at;
      if (over()) return;
      say(lose ? '  Temporal loses its database.' : '  Temporal is killed.');
      await (lose ? stage.loseTemporal() : stage.restartTemporal());
    }
  }

  async function takeBack(): Promise<void> {
    for (const { crashFile } of workers) rmSync(crashFile, { force: true });
    standIn.faults.clear();
    await ace.resetSwitches();
  }

  const draws = {
    s3: (number: number) => chance.oneOf(s3Troubles, 's3', number),
    ace: (number: number) => chance.oneOf(aceTroubles, 'ace', number),
    crm: (number: number) => crmTrouble(chance, number),
  };

  return {
    async work(milliseconds) {
      const timer = setTimeout(() => ending.abort(), milliseconds);
      await Promise.all([
        killWorkers(),
        troubleFrom('s3', 10_000, draws.s3),
        troubleFrom('ace', 8_000, draws.ace),
        troubleFrom('crm', 5_000, draws.crm),
        disturbTemporal(milliseconds),
      ]);
      clearTimeout(timer);
      await takeBack();
    },
    kills: () => kills + Object.values(struck()).reduce((sum, count) => sum + count, 0),
    crashes: struck,
  };

  function struck(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { crashFile } of workers) {
      const file = `${crashFile}.struck`;
      if (!existsSync(file)) continue;
      for (const point of readFileSync(file, 'utf8').split('\n')) {
        if (point !== '') counts[point] = (counts[point] ?? 0) + 1;
      }
    }
    return counts;
  }
}
