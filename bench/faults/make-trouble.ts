import { setTimeout as delay } from 'node:timers/promises';
import { createChance } from '../../src/sandbox/ace/random.ts';
import { type CrashReport, createKiller } from './kill-workers.ts';
import type { Numbers } from './marks.ts';
import { createTroubleMeeter } from './meet-trouble.ts';
import type { FaultOptions } from './options.ts';
import type { Stage } from './stage.ts';
import { aceTroubles, clockTrouble, crmTrouble, s3Troubles, type Trouble } from './troubles.ts';

/** Waits, scaled by the one setting. @returns whether the day is over. */
export type Pause = (milliseconds: number) => Promise<boolean>;

export interface TroubleMaker {
  /** Resolves when the day is over and every trouble was taken back. */
  work(milliseconds: number): Promise<void>;
  kills(): number;
  crashes(): CrashReport;
}

/** Who makes trouble, and how often on average, in milliseconds. */
const sources = { s3: 10_000, ace: 8_000, crm: 5_000, clock: 7_000 } as const;

export function createTroubleMaker(
  stage: Stage,
  options: FaultOptions,
  numbers: Numbers,
  say: (line: string) => void,
): TroubleMaker {
  const chance = createChance(options.seed);
  const ending = new AbortController();
  const wait = (milliseconds: number) =>
    delay(milliseconds, undefined, { signal: ending.signal }).catch(() => undefined);
  const pause: Pause = async (milliseconds) => {
    await wait(milliseconds * options.waits);
    return ending.signal.aborted;
  };
  const killer = createKiller(stage, options, chance);
  const meeter = createTroubleMeeter(stage, numbers, pause);

  const draws: Readonly<Record<keyof typeof sources, (number: number) => Trouble>> = {
    s3: (number) => chance.oneOf(s3Troubles, 's3', number),
    ace: (number) => chance.oneOf(aceTroubles, 'ace', number),
    crm: (number) => crmTrouble(chance, number),
    clock: (number) => clockTrouble(chance, number),
  };

  async function troubleFrom(name: keyof typeof sources): Promise<void> {
    for (let number = 1; ; number += 1) {
      if (await pause(sources[name] * (0.3 + 1.4 * chance.share(name, 'pause', number)))) return;
      const trouble = draws[name](number);
      stage.note(`trouble ${JSON.stringify(trouble)}`);
      await meeter.meet(trouble, 1_000 + 5_000 * chance.share(name, 'length', number), number);
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
      await wait(Math.max(0, at - passed) * milliseconds);
      passed = at;
      if (ending.signal.aborted) return;
      const what = lose ? 'Temporal loses its database.' : 'Temporal is killed.';
      stage.note(what);
      say(`  ${what}`);
      await (lose ? stage.loseTemporal() : stage.restartTemporal());
    }
  }

  return {
    async work(milliseconds) {
      const timer = setTimeout(() => ending.abort(), milliseconds);
      await Promise.all([
        killer.work(pause),
        ...(Object.keys(sources) as (keyof typeof sources)[]).map(troubleFrom),
        disturbTemporal(milliseconds),
      ]);
      clearTimeout(timer);
      killer.disarm();
      await meeter.takeBack();
    },
    kills: killer.kills,
    crashes: killer.crashes,
  };
}
