import type { WatchSettings } from '../config/notice-settings.ts';
import type { OutcomeLine } from '../journal/journal.ts';
import { overlap, type WorkingHours, workingPeriods, workingTime } from './working-time.ts';

/** How often AWS's files come on this connection, learnt from the journal. */
export interface Rhythm {
  /** When it was learnt, ISO 8601. */
  readonly readAt: string;
  /** When the newest file came, ISO 8601; null when none ever came. */
  readonly lastArrival: string | null;
  /** Milliseconds of working time below which nearly all pauses between two files are; null when too few files came. */
  readonly usualPause: number | null;
}

/** Files in fewer moments than this show no rhythm. */
const fewestArrivals = 10;
/** Pauses up to this share count as usual: holidays and outages of the past are the rest. */
const usualShare = 0.95;
/** What is older says little of the rhythm of today. */
export const learnFromDays = 30;

/**
 * ACE's exports are incremental: no change, no file. So a pause is judged by what was usual, in working time.
 * @param known what was learnt before: it stands where the lines no longer show it, or a long silence would end itself
 */
export function learnRhythm(
  lines: readonly OutcomeLine[],
  hours: WorkingHours,
  now: Date,
  known: Rhythm | null = null,
): Rhythm {
  const from = now.getTime() - learnFromDays * 24 * 60 * 60_000;
  const arrivals = lines
    .filter((line) => line.kind === 'outboundFile')
    .map(arrivalOf)
    .filter((time) => !Number.isNaN(time));
  const last = arrivals.reduce((newest, time) => Math.max(newest, time), Number.NEGATIVE_INFINITY);
  // Files of one export are one arrival.
  const minutes = new Set(arrivals.filter((time) => time >= from).map((time) => Math.floor(time / 60_000) * 60_000));
  return {
    readAt: now.toISOString(),
    lastArrival: Number.isFinite(last) ? new Date(last).toISOString() : (known?.lastArrival ?? null),
    usualPause:
      usualPause(
        [...minutes].sort((one, other) => one - other),
        hours,
      ) ??
      known?.usualPause ??
      null,
  };
}

function usualPause(arrivals: readonly number[], hours: WorkingHours): number | null {
  const [first] = arrivals;
  const last = arrivals.at(-1);
  if (arrivals.length < fewestArrivals || first === undefined || last === undefined) return null;
  const periods = workingPeriods(new Date(first), new Date(last), hours);
  const pauses = arrivals
    .slice(1)
    .map((time, index) => overlap(new Date(arrivals[index] ?? time), new Date(time), periods))
    .sort((one, other) => one - other);
  return pauses[Math.ceil(pauses.length * usualShare) - 1] ?? null;
}

/** A file's line is named after key, ETag and LastModified; the last is when AWS put it, however late we came. */
function arrivalOf({ id, at }: OutcomeLine): number {
  const put = Date.parse(id.slice(id.lastIndexOf('@') + 1));
  return Number.isNaN(put) ? Date.parse(at) : put;
}

/** Since when ACE is silent beyond the connection's own rhythm; null when it is not, or nothing is known. */
export function silentSince(rhythm: Rhythm, settings: WatchSettings, now: Date): string | null {
  if (rhythm.lastArrival === null || rhythm.usualPause === null) return null;
  const tolerated = Math.max(settings.silenceAtLeast * 1000, settings.silenceFactor * rhythm.usualPause);
  return workingTime(new Date(rhythm.lastArrival), now, settings) > tolerated ? rhythm.lastArrival : null;
}
