import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promises, type Violation } from './evidence.ts';
import { faultOptions } from './options.ts';
import { runDay } from './run-day.ts';

const options = faultOptions(process.argv.slice(2));
const say = (line: string) => process.stderr.write(`${line}\n`);
const folder = options.data === null ? await mkdtemp(join(tmpdir(), 'ace-sync-faults-')) : resolve(options.data);
const report = await runDay(folder, options, say);
const violations = Object.fromEntries(
  promises.map((promise) => [promise, report.violations.filter((one) => one.promise === promise).length]),
);
for (const { promise, where, what } of report.violations) say(`${promise}: ${where}: ${what}`);
await writeFile(join(folder, 'report.json'), JSON.stringify({ options, report }, null, 2));
const broken: readonly Violation[] = report.violations;
if (broken.length === 0 && options.data === null) await rm(folder, { recursive: true, force: true });
else say(`Data of the run: ${folder}`);
const { recordEvents, kills } = report;
if (options.json) process.stdout.write(`${JSON.stringify({ recordEvents, kills, violations })}\n`);
else process.stdout.write(`${recordEvents} record events, ${kills} kills, ${broken.length} violations.\n`);
process.exit(broken.length === 0 ? 0 : 1);
