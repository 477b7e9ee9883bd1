import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Chance, createChance } from '../../src/sandbox/ace/random.ts';
import { type CrashPoint, crashPoints } from '../../src/worker/crash-points.ts';
import type { Pause } from './make-trouble.ts';
import type { FaultOptions } from './options.ts';
import type { Stage } from './stage.ts';
import type { StagedWorker } from './start-workers.ts';

/** What the workers noted of their crash points under this name: `struck` or `visited`. */
export function notedCrashes(crashFolder: string, name: 'struck' | 'visited'): readonly string[] {
  const file = join(crashFolder, name);
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').filter(Boolean) : [];
}

/** Takes back what is armed and was not met. */
export function disarmCrashes(crashFolder: string): void {
  for (const name of readdirSync(crashFolder)) {
    if (name.includes(':')) rmSync(join(crashFolder, name), { force: true });
  }
}

/** Which crash points the day came by: deaths by point, and those that nobody died at. */
export interface CrashReport {
  readonly deaths: Readonly<Record<string, number>>;
  /** Visited by a worker, but it was never told to die there, or another kill came first. */
  readonly survived: readonly string[];
  readonly neverVisited: readonly string[];
}

export interface Killer {
  work(pause: Pause): Promise<void>;
  /** Takes back what is armed and was not met. */
  disarm(): void;
  kills(): number;
  crashes(): CrashReport;
}

const leastLifeMs = 3_000;
const healthLimitMs = 1_000;

const allCrashPoints: readonly CrashPoint[] = Object.entries(crashPoints).flatMap(([party, calls]) =>
  calls.flatMap((call) => [`before:${party}.${call}` as const, `after:${party}.${call}` as const]),
);

/**
 * Kills workers: every other time at a random moment, else at the next crash point in an order drawn from the seed. A
 * point stays armed until a worker comes by, so that rare calls get their turn too.
 */
export function createKiller({ workers, crashFolder, note }: Stage, options: FaultOptions, chance: Chance): Killer {
  const points = shuffled(createChance(options.seed));
  const lastKill = new Map<number, number>();
  let random = 0;

  async function work(pause: Pause): Promise<void> {
    const mean = 60_000 / options.killsPerMinute;
    for (let number = 1; ; number += 1) {
      if (await pause((mean / options.waits) * (0.4 + 1.2 * chance.share('kill', number)))) return;
      if (number % 2 === 0) {
        const point = points[(number / 2 - 1) % points.length];
        writeFileSync(join(crashFolder, String(point)), String(chance.whole(1, 3, 'nth', number)));
        note(`armed ${point}`);
        continue;
      }
      const first = chance.whole(0, workers.length - 1, 'victim', number);
      const victim = await firstRested([first, 1 - first]);
      if (victim === null) continue;
      lastKill.set(victim, Date.now());
      random += 1;
      note(`kill worker ${victim + 1}`);
      workers[victim]?.child.kill('SIGKILL');
    }
  }

  /** A worker that is up again for some seconds: killing it before that proves nothing. */
  async function firstRested(positions: readonly number[]): Promise<number | null> {
    for (const position of positions) {
      const worker = workers[position];
      if (worker === undefined || Date.now() - (lastKill.get(position) ?? 0) < leastLifeMs) continue;
      if (await isUp(worker)) return position;
    }
    return null;
  }

  return {
    work,
    disarm: () => disarmCrashes(crashFolder),
    kills: () => random + notedCrashes(crashFolder, 'struck').length,
    crashes() {
      const deaths: Record<string, number> = {};
      for (const point of notedCrashes(crashFolder, 'struck')) deaths[point] = (deaths[point] ?? 0) + 1;
      const visited = new Set(notedCrashes(crashFolder, 'visited'));
      const alive = allCrashPoints.filter((point) => deaths[point] === undefined);
      return {
        deaths,
        survived: alive.filter((point) => visited.has(point)),
        neverVisited: alive.filter((point) => !visited.has(point)),
      };
    },
  };
}

async function isUp({ pages }: StagedWorker): Promise<boolean> {
  const health = pages.find(({ name }) => name.endsWith('/health'));
  if (health === undefined) return false;
  const answer = await fetch(health.url, { signal: AbortSignal.timeout(healthLimitMs) }).catch(() => null);
  return answer?.ok === true;
}

function shuffled(chance: Chance): readonly CrashPoint[] {
  return allCrashPoints.toSorted((a, b) => chance.share('crash point', a) - chance.share('crash point', b));
}
