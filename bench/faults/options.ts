import { parseArgs } from 'node:util';

export interface FaultOptions {
  readonly seed: number;
  /** Records that live through the day; each is made on one side and edited on both. */
  readonly records: number;
  /** Minutes of the troubled day; settling comes on top. */
  readonly minutes: number;
  /** Kills of workers a minute, half of them at injected crash points. */
  readonly killsPerMinute: number;
  /** Restarts of the dev server on its database. */
  readonly restarts: number;
  /** Deletes Temporal's database once, in the middle of the day. */
  readonly loseTemporal: boolean;
  /** The one setting of all waits: 1 suits a quiet machine with two cores, 2 doubles them. */
  readonly waits: number;
  /** Most minutes that settling may take before what still moves counts as stuck. */
  readonly settleMinutes: number;
  /** Ends with the one line of JSON. */
  readonly json: boolean;
  /** Data of the run; left out, a temporary folder that is kept only when something was found. */
  readonly data: string | null;
  /** Only say how it is used. */
  readonly help: boolean;
}

export const usage = `npm run faults -- [options]
  --seed N            what is drawn: records, edits, faults, kills (default 1)
  --records N         records of the day (default 40)
  --minutes N         minutes of trouble (default 3)
  --kills-per-minute N  kills of workers (default 8)
  --restarts N        restarts of the Temporal server (default 1)
  --lose-temporal     delete Temporal's database once
  --waits N           factor of every wait (default 1)
  --settle-minutes N  most minutes until everything must have settled (default 8)
  --data FOLDER       keep the run's data there
  --json              end with one line of JSON
  --help              say this`;

/** @throws RangeError with the usage when an argument is wrong. */
export function faultOptions(args: readonly string[]): FaultOptions {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: text,
      records: text,
      minutes: text,
      'kills-per-minute': text,
      restarts: text,
      waits: text,
      'settle-minutes': text,
      data: text,
      'lose-temporal': flag,
      json: flag,
      help: flag,
    },
  });
  const number = (name: keyof typeof values, fallback: number): number => {
    const given = values[name];
    const read = given === undefined ? fallback : Number(given);
    if (!Number.isFinite(read) || read < 0) throw new RangeError(`Expected a number for --${name}.\n${usage}`);
    return read;
  };
  return {
    seed: number('seed', 1),
    records: number('records', 40),
    minutes: number('minutes', 3),
    killsPerMinute: number('kills-per-minute', 8),
    restarts: number('restarts', 1),
    waits: number('waits', 1),
    settleMinutes: number('settle-minutes', 8),
    loseTemporal: values['lose-temporal'],
    json: values.json,
    help: values.help,
    data: values.data ?? null,
  };
}
