import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createChance } from '../../../src/sandbox/ace/random.ts';
import { defaultSwitches } from '../../../src/sandbox/ace/switches.ts';
import { disarmCrashes, notedCrashes } from '../kill-workers.ts';
import type { createTroubleMaker } from '../make-trouble.ts';
import { markedText, type Numbers } from '../marks.ts';
import type { Stage } from '../stage.ts';
import { provocations, switchOfProvocation } from './provoke.ts';
import type { SwitchValue } from './switch-values.ts';

export interface Walk {
  readonly makeTrouble: typeof createTroubleMaker;
  /** Crashes that no worker came to. */
  missed(): readonly string[];
  /** Crashes that were met, but only in the pauses of the switch. */
  metInPauses(): readonly string[];
}

/** Crashes that are armed at once: a worker that dies at every step that it comes to gets nothing done. */
const armedAtOnce = 3;
/** Simulated ACE exports and the provocations are repeated so often, in milliseconds. */
const provokeEvery = 2_000;
/**
 * A switch that lets nobody come to a step is turned off for part of each round, as a bad day ends, so that the kill
 * meets the recovery.
 */
const round = { on: 8_000, off: 4_000 };

/**
 * Trouble of one kind: the switch is on, and workers die at one step after the other until they died at all of them.
 * @param loseTemporal deletes Temporal's database once, when half of the crashes are met.
 */
export function walkCrashes({ name, changes }: SwitchValue, crashes: readonly string[], loseTemporal: boolean): Walk {
  const met = { on: new Set<string>(), off: new Set<string>() };
  const missed = () => crashes.filter((crash) => !met.on.has(crash) && !met.off.has(crash));
  const metInPauses = () => crashes.filter((crash) => !met.on.has(crash) && met.off.has(crash));
  return { missed, metInPauses, makeTrouble };

  function makeTrouble(
    ...[stage, options, numbers, say]: Parameters<typeof createTroubleMaker>
  ): ReturnType<typeof createTroubleMaker> {
    const { ace, crashFolder } = stage;
    const chance = createChance(options.seed);
    const order = crashes.toSorted((a, b) => chance.share(a) - chance.share(b));

    async function provoke(step: string, isOn: boolean): Promise<void> {
      // What a provocation switches must not stand over the row's own value.
      if (isOn && switchOfProvocation[step] === name) return;
      await provocations[step]?.(stage, numbers).catch(() => undefined);
    }

    async function walk(deadline: number): Promise<void> {
      const started = Date.now();
      const armed = new Set<string>();
      let seen = 0;
      let lost = !loseTemporal;
      let provokedAt = 0;
      let isOn: boolean | null = null;
      while (Date.now() < deadline) {
        const struck = notedCrashes(crashFolder, 'struck');
        for (const crash of struck.slice(seen)) {
          armed.delete(crash);
          met[isOn === true ? 'on' : 'off'].add(crash);
        }
        seen = struck.length;
        // What nobody came to first; then what was met in a pause of the switch once more.
        const never = order.filter((crash) => missed().includes(crash));
        const left = never.length > 0 ? never : order.filter((crash) => !met.on.has(crash));
        if (left.length === 0) return;
        if (!lost && never.length <= order.length / 2) {
          lost = true;
          say('  Temporal loses its database.');
          await stage.loseTemporal();
        }
        for (const crash of left.slice(0, armedAtOnce)) {
          if (armed.has(crash)) continue;
          armed.add(crash);
          writeFileSync(join(crashFolder, crash), '1');
        }
        const shallBeOn = (Date.now() - started) % (round.on + round.off) < round.on;
        if (isOn !== shallBeOn) {
          isOn = shallBeOn;
          await ace.setSwitches({ ...defaultSwitches, ...(isOn ? changes : {}) });
        }
        if (Date.now() - provokedAt > provokeEvery) {
          provokedAt = Date.now();
          if (!(isOn && changes.exportPaused === true)) await ace.exportNow().catch(() => undefined);
          const steps = new Set(left.slice(0, armedAtOnce).map((crash) => crash.split('.')[1] ?? ''));
          for (const step of steps) await provoke(step, isOn);
        }
        await delay(100);
      }
    }

    return {
      async work(milliseconds) {
        await walk(Date.now() + milliseconds);
        disarmCrashes(crashFolder);
        await ace.resetSwitches();
        if (name === 'outboundName') await touchEveryRecord(stage, numbers);
      },
      kills: () => notedCrashes(crashFolder, 'struck').length,
      crashes: () => ({ deaths: {}, survived: [], neverVisited: missed() }),
    };
  }
}

/** What was overwritten before anybody could read it is lost by ACE's doing, so AWS touches every record again. */
async function touchEveryRecord({ ace }: Stage, numbers: Numbers): Promise<void> {
  for (const { aceId, object } of await ace.records()) {
    const mark = markedText('aws', numbers.next());
    const fields = object === 'lead' ? { title: `Manager ${mark}` } : { nextStep: `Call ${mark}` };
    await ace.edit({ id: aceId, fields });
  }
}
