import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Comparisons } from '../check/check-losses.ts';
import type { Violation } from '../evidence.ts';
import { faultOptions } from '../options.ts';
import { runDay } from '../run-day.ts';
import type { SwitchValue } from './switch-values.ts';
import { walkCrashes } from './walk-crashes.ts';

/** One value of a switch with the crashes that are met under it. */
export interface Row {
  readonly value: SwitchValue;
  readonly crashes: readonly string[];
}

export interface MatrixOptions {
  readonly folder: string;
  /** Minutes of each row, without settling. */
  readonly minutes: number;
  readonly records: number;
  readonly seed: number;
  /** Deletes Temporal's database once in each row. */
  readonly loseTemporal: boolean;
}

export interface MatrixReport {
  /** Pairs of a switch's value and a crash. */
  readonly cells: number;
  /** Cells in which a worker died. */
  readonly met: number;
  readonly missed: readonly string[];
  /** Cells in which a worker died only in the pauses of the switch, as when nobody comes to the step while it is on. */
  readonly metInPauses: readonly string[];
  /** Records that ACE exported, and those whose values are not compared because their rows say why both sides differ. */
  readonly comparisons: Comparisons;
  readonly kills: number;
  readonly recordEvents: number;
  readonly violations: readonly (Violation & { readonly value: string })[];
}

/** Factor of the harness's waits: half of what a random day has, because here every kill is waited for. */
const waits = '0.5';

/** Each row on a stage of its own, so that what breaks is known by its row, and judged by the checker. */
export async function runMatrix(
  rows: readonly Row[],
  { folder, minutes, records, seed, loseTemporal }: MatrixOptions,
  say: (line: string) => void,
): Promise<MatrixReport> {
  const violations: MatrixReport['violations'][number][] = [];
  const missed: string[] = [];
  const metInPauses: string[] = [];
  const comparisons = { exported: 0, explained: 0 };
  const totals = { cells: 0, kills: 0, recordEvents: 0 };
  for (const [position, { value, crashes }] of rows.entries()) {
    const place = join(folder, value.label);
    await mkdir(place, { recursive: true });
    const given = { seed: seed + position, records, minutes, waits, 'settle-minutes': 4 };
    const options = faultOptions(Object.entries(given).flatMap(([name, one]) => [`--${name}`, String(one)]));
    const walk = walkCrashes(value, crashes, loseTemporal);
    const report = await runDay(place, options, say, undefined, walk.makeTrouble);
    totals.cells += crashes.length;
    totals.kills += report.kills;
    totals.recordEvents += report.recordEvents;
    missed.push(...walk.missed().map((crash) => `${value.label} ${crash}`));
    metInPauses.push(...walk.metInPauses().map((crash) => `${value.label} ${crash}`));
    comparisons.exported += report.comparisons.exported;
    comparisons.explained += report.comparisons.explained;
    violations.push(...report.violations.map((one) => ({ ...one, value: value.label })));
    say(
      `${value.label}: ${crashes.length - walk.missed().length} of ${crashes.length} crashes met, ` +
        `${walk.metInPauses().length} of them in its pauses, ${report.kills} kills, ${report.recordEvents} record events, ` +
        `${report.comparisons.explained} of ${report.comparisons.exported} records with a reason, ` +
        `${report.violations.length} violations`,
    );
    if (report.violations.length === 0) await rm(place, { recursive: true, force: true });
  }
  return { ...totals, met: totals.cells - missed.length, missed, metInPauses, comparisons, violations };
}
