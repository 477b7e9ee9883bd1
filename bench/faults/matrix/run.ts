import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runMatrix } from './run-matrix.ts';
import { crashesAtSteps } from './steps.ts';
import { switchValues } from './switch-values.ts';

const usage = `npm run faults:matrix -- [options]
  --switch TEXT       the value with this label, such as faults=slow, or all whose label contains it
  --minutes N         minutes that the walk through the crashes of one value may take (default 2)
  --records N         records of each walk (default 30)
  --seed N            what is drawn (default 1)
  --data FOLDER       keep the data of every walk there
  --json              end with one line of JSON
  --help              say this`;

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    switch: text,
    minutes: text,
    records: text,
    seed: text,
    data: text,
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const say = (line: string) => process.stderr.write(`${line}\n`);
const like = switchValues().filter(({ label }) => label.includes(values.switch ?? ''));
const exact = like.filter(({ label }) => label === values.switch);
const wanted = exact.length > 0 ? exact : like;
if (wanted.length === 0) throw new RangeError(`No switch has a value like ${values.switch}.\n${usage}`);
const folder = values.data ?? (await mkdtemp(join(tmpdir(), 'ace-sync-matrix-')));
const report = await runMatrix(
  wanted.map((value) => ({ value, crashes: crashesAtSteps() })),
  {
    folder,
    minutes: Number(values.minutes ?? 2),
    records: Number(values.records ?? 30),
    seed: Number(values.seed ?? 1),
    loseTemporal: true,
  },
  say,
);
const { cells, met, kills, recordEvents, violations, missed, metInPauses, comparisons } = report;
for (const line of missed) say(`not met: ${line}`);
for (const line of metInPauses) say(`met in a pause of the switch only: ${line}`);
for (const { value, promise, where, what } of violations) say(`${value}: ${promise}: ${where}: ${what}`);
if (values.data === undefined && violations.length === 0) await rm(folder, { recursive: true, force: true });
else say(`Data: ${folder}`);
const counts = {
  ...{ switchValues: wanted.length, cells, met, metInPauses: metInPauses.length, kills, recordEvents },
  ...{ ...comparisons, violations: violations.length },
};
process.stdout.write(`${values.json ? JSON.stringify(counts) : Object.entries(counts).flat().join(' ')}\n`);
process.exit(violations.length === 0 && met === cells ? 0 : 1);
