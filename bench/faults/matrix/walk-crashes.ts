import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { createChance } from '../../../src/sandbox/ace/random.ts';
import { defaultSwitches } from '../../../src/sandbox/ace/switches.ts';
import type { createTroubleMaker, TroubleMaker } from '../make-trouble.ts';
import { markedText } from '../marks.ts';
import { type Provocation, provocations } from './provoke.ts';
import type { SwitchValue } from './switch-values.ts';

export interface Walk {
  readonly makeTrouble: typeof createTroubleMaker;
  /** Crashes that no worker came to. */
  missed(): readonly string[];
}

/** Milliseconds that a crash is waited for with the switch on, and then again with the switch off. */
const patience = 7_000;
/** Not every record comes to such a step at once. */
const patienceAfterProvocation = 14_000;

/**
 * Trouble of one kind: the switch is on, and workers die at one crash after the other. A switch that lets nobody come to
 * the step is turned off, as a bad day ends, so that the kill meets the recovery.
 * @param loseTemporal deletes Temporal's database once, in the middle of the walk.
 */
export function walkCrashes(value: SwitchValue, crashes: readonly string[], loseTemporal: boolean): Walk {
  let missed: readonly string[] = [];
  return { missed: () => missed, makeTrouble };

  function makeTrouble(
    ...[stage, options, numbers, say]: Parameters<typeof createTroubleMaker>
  ): ReturnType<typeof createTroubleMaker> {
    const { ace, workers } = stage;
    const chance = createChance(options.seed);
    const files = workers.map(({ crashFile }) => crashFile);
    let deadline = 0;
    const turn = (on: boolean) =>
      ace.setSwitches({ ...defaultSwitches, ...(on ? value.changes : {}) }).then(() => undefined);

    return {
      async work(milliseconds) {
        deadline = Date.now() + milliseconds;
        const queue = crashes.toSorted((a, b) => chance.share(a) - chance.share(b));
        const half = Math.floor(queue.length / 2);
        const again: string[] = [];
        await delay(Math.min(3_000, milliseconds / 10));
        for (const [position, crash] of queue.entries()) {
          if (loseTemporal && position === half) {
            say('  Temporal loses its database.');
            await stage.loseTemporal();
          }
          const from = Date.now();
          const met = await meet(crash);
          say(`  ${crash} ${met ? 'met' : 'not met'} after ${Date.now() - from} ms`);
          if (!met) again.push(crash);
        }
        const never: string[] = [];
        for (const crash of again) if (!(await meet(crash))) never.push(crash);
        missed = never;
        for (const file of files) rmSync(file, { force: true });
        await ace.resetSwitches();
        if (value.name === 'outboundName') await touchAll();
        await delay(Math.max(0, deadline - Date.now()));
      },
      kills: () => Object.values(struck()).reduce((sum, count) => sum + count, 0),
      crashes: struck,
    } satisfies TroubleMaker;

    async function meet(crash: string): Promise<boolean> {
      if (Date.now() > deadline) return false;
      const before = countOf(crash);
      const provoke = provocations[crash.split('.')[1] ?? ''];
      await turn(true);
      arm(crash);
      await provoke?.(stage, numbers);
      const limit = provoke === undefined ? patience : patienceAfterProvocation;
      if (await waitFor(() => countOf(crash) > before, limit, provoke)) return true;
      await turn(false);
      await provoke?.(stage, numbers);
      return waitFor(() => countOf(crash) > before, limit, provoke);
    }

    /** Whichever worker comes to the call first dies; arming the next crash disarms the other. */
    function arm(crash: string): void {
      for (const file of files) {
        writeFileSync(`${file}.new`, `${crash}:1`);
        renameSync(`${file}.new`, file);
      }
    }

    async function waitFor(
      isThere: () => boolean,
      milliseconds: number,
      provoke: Provocation | undefined,
    ): Promise<boolean> {
      const until = Math.min(Date.now() + milliseconds, deadline);
      for (let looks = 0; Date.now() < until; looks += 1) {
        if (isThere()) return true;
        // ACE takes files and exports without waiting for its full hour.
        if (looks % 10 === 0) await ace.exportNow().catch(() => undefined);
        if (looks % 20 === 19) await provoke?.(stage, numbers);
        await delay(100);
      }
      return isThere();
    }

    function struck(): Readonly<Record<string, number>> {
      const counts: Record<string, number> = {};
      for (const file of files) {
        if (!existsSync(`${file}.struck`)) continue;
        for (const point of readFileSync(`${file}.struck`, 'utf8').split('\n')) {
          if (point !== '') counts[point] = (counts[point] ?? 0) + 1;
        }
      }
      return counts;
    }

    function countOf(crash: string): number {
      return struck()[crash] ?? 0;
    }

    /** What was overwritten before anybody could read it is lost by ACE's doing, so AWS touches every record again. */
    async function touchAll(): Promise<void> {
      for (const { aceId, object } of await ace.records()) {
        const mark = markedText('aws', numbers.next());
        const fields = object === 'lead' ? { title: `Manager ${mark}` } : { nextStep: `Call ${mark}` };
        await ace.edit({ id: aceId, fields });
      }
    }
  }
}
