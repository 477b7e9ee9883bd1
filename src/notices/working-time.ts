import type { WatchSettings } from '../config/notice-settings.ts';

/** Hours in which a connection is expected to be alive, as the configuration says them. */
export type WorkingHours = Pick<WatchSettings, 'timeZone' | 'workingDays' | 'workFrom' | 'workTo'>;

const dayMilliseconds = 24 * 60 * 60_000;

/** Milliseconds of working time between two moments; 0 when the second is not later. */
export function workingTime(from: Date, to: Date, hours: WorkingHours): number {
  return overlap(from, to, workingPeriods(from, to, hours));
}

/** One working day's hours, in milliseconds since 1970. */
type Period = readonly [start: number, end: number];

/** The working days that touch the span. An end before the start is a shift over midnight. */
export function workingPeriods(from: Date, to: Date, hours: WorkingHours): readonly Period[] {
  const days = new Set(hours.workingDays.split(' '));
  const periods: Period[] = [];
  const last = to.getTime() + dayMilliseconds;
  for (let time = from.getTime() - 2 * dayMilliseconds; time <= last; time += dayMilliseconds) {
    const { date, weekday } = localTime(new Date(time), hours.timeZone);
    if (!days.has(weekday)) continue;
    const start = momentOf(date, hours.workFrom, hours.timeZone);
    const end = momentOf(date, hours.workTo, hours.timeZone);
    periods.push([start, end > start ? end : end + dayMilliseconds]);
  }
  return periods;
}

export function overlap(from: Date, to: Date, periods: readonly Period[]): number {
  return periods.reduce(
    (sum, [start, end]) => sum + Math.max(0, Math.min(to.getTime(), end) - Math.max(from.getTime(), start)),
    0,
  );
}

export interface LocalTime {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** `HH:MM`. */
  readonly time: string;
  /** `Mon`. */
  readonly weekday: string;
}

/** What a clock and a calendar on the wall show. */
export function localTime(moment: Date, timeZone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  return {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    time: `${parts.hour}:${parts.minute}`,
    weekday: parts.weekday ?? '',
  };
}

/** The moment at which the wall shows this; in the hour that summer time leaves out, the one an hour later. */
function momentOf(date: string, time: string, timeZone: string): number {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  let moment = wanted;
  // The second round corrects an offset that was taken on the other side of a change of the clocks.
  for (let round = 0; round < 2; round += 1) {
    const shown = localTime(new Date(moment), timeZone);
    moment += wanted - Date.parse(`${shown.date}T${shown.time}:00Z`);
  }
  return moment;
}
