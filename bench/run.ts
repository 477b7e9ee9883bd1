import { parseArgs } from 'node:util';
import { stopOnSignals } from '../src/sandbox/local-services/stop-on-signals.ts';
import { benchAceRules } from './ace-rules.ts';
import { benchMapping } from './mapping.ts';
import { benchPipeline, setLatency } from './pipeline/bench-pipeline.ts';
import { startBenchStack } from './pipeline/bench-stack.ts';
import { growthCounts, measureGrowth, quickGrowthCounts } from './pipeline/growth.ts';
import { measureIdle } from './pipeline/measure-idle.ts';
import { measureSteadyState } from './pipeline/measure-latency.ts';
import { measureUploads } from './pipeline/measure-uploads.ts';
import { measureSoak } from './pipeline/soak.ts';
import { startSyncWorker } from './pipeline/sync-worker.ts';
import { measureWaitingUploads, waitingCount } from './pipeline/waiting-uploads.ts';
import { printTable, type Report, summaryOf } from './report.ts';
import { benchSalesforce } from './salesforce.ts';

/** `npm run bench`: ratios against plain peers of the same run, and counts that do not depend on the machine. */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    soak: { type: 'boolean', default: false },
    'soak-minutes': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`npm run bench -- [--json] [--quick] [--full] [--soak] [--soak-minutes N]
  --json            ends with one JSON line
  --quick           with fewer files, uploads and samples, for a look or a busy machine
  --full            also growth: 10,000 files, 2,000 parked files, a folder with 20,000 tagged files
  --soak            also memory of worker and stand-in over 30 minutes of work
  --soak-minutes N  over N minutes instead
`);
  process.exit(0);
}
const soakMinutes = values['soak-minutes'] === undefined ? (values.soak ? 30 : 0) : Number(values['soak-minutes']);
const sizes = values.quick
  ? { oneRecord: 400, fiftyRecords: 20, uploads: 50, steady: 8, growth: quickGrowthCounts, waiting: 200 }
  : { oneRecord: 1000, fiftyRecords: 50, uploads: 200, steady: 30, growth: growthCounts, waiting: waitingCount };

const start = performance.now();
const say = (line: string) =>
  process.stderr.write(`${String(Math.round((performance.now() - start) / 1000)).padStart(5)} s  ${line}\n`);

const stack = await startBenchStack(say);
stopOnSignals(() => stack.close());
let report: Report;
try {
  say('the worker starts');
  const worker = await startSyncWorker(stack);
  const pipeline = await benchPipeline(stack, sizes, say);
  setLatency(stack, 'real');
  say(`${sizes.uploads} uploads`);
  const perUpload = await measureUploads(stack, sizes.uploads);
  say(`steady state: ${sizes.steady} files and ${sizes.steady} uploads, one after the other`);
  const steady = await measureSteadyState(stack, sizes.steady);
  setLatency(stack, 'none');
  say('an idle day');
  const idle = await measureIdle(stack);
  const growth = values.full ? await measureGrowth(stack, sizes.growth, say) : null;
  await worker.stop();
  say(`${sizes.waiting} uploads that wait`);
  const waiting = await measureWaitingUploads(stack, say, sizes.waiting);
  const soak = soakMinutes > 0 ? await measureSoak(stack, soakMinutes, say) : null;
  report = { pipeline, uploads: sizes.uploads, perUpload, steady, idle, growth, waiting, soak };
} finally {
  await stack.close();
}
say('contract rules, mapping, Salesforce client');
const rules = await benchAceRules();
const mapping = await benchMapping();
const salesforce = await benchSalesforce();
const runSeconds = Math.round((performance.now() - start) / 1000);
const summary = { ...summaryOf(report), rules, mapping, salesforce, runSeconds };
printTable(report, summary);
if (values.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
process.exit(0);
