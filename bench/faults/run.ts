import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stopOnSignals } from '../../src/sandbox/local-services/index.ts';
import { promises, type Violation } from './evidence.ts';
import { faultOptions, usage } from './options.ts';
import { runDay } from './run-day.ts';

const options = faultOptions(process.argv.slice(2));
if (options.help) {
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}
const say = (line: string) => process.stderr.write(`${line}\n`);
const folder = options.data === null ? await mkdtemp(join(tmpdir(), 'ace-sync-faults-')) : resolve(options.data);
const discard = async () => {
  if (options.data === null) await rm(folder, { recursive: true, force: true });
};
let stopDay = async () => {};
let stopping = false;
stopOnSignals(
  () => stopDay().finally(discard),
  (signal) => {
    stopping = true;
    say(`${signal}: stopping everything.`);
  },
);

const report = await runDay(folder, options, say, (stop) => {
  stopDay = stop;
}).catch((error: unknown) => {
  // What was under way fails when its servers go; the handler of the signal ends the process.
  if (stopping) return new Promise<never>(() => {});
  throw error;
});
const violations = Object.fromEntries(
  promises.map((promise) => [promise, report.violations.filter((one) => one.promise === promise).length]),
);
const { crashes, recordEvents, kills, comparisons } = report;
say(`Of ${comparisons.exported} records that ACE exported, ${comparisons.explained} say why both sides differ.`);
say(
  `Crash points: died at ${Object.keys(crashes.deaths).length}, passed alive ${crashes.survived.join(', ') || 'none'},`,
);
say(`  never came by ${crashes.neverVisited.join(', ') || 'none'}.`);
for (const { promise, where, what } of report.violations) say(`${promise}: ${where}: ${what}`);
await writeFile(join(folder, 'report.json'), JSON.stringify({ options, report }, null, 2));
const broken: readonly Violation[] = report.violations;
if (broken.length === 0) await discard();
if (broken.length > 0 || options.data !== null) say(`Data of the run: ${folder}`);
if (options.json) process.stdout.write(`${JSON.stringify({ recordEvents, kills, comparisons, violations })}\n`);
else process.stdout.write(`${recordEvents} record events, ${kills} kills, ${broken.length} violations.\n`);
process.exit(broken.length === 0 ? 0 : 1);
