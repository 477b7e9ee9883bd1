import { parseArgs } from 'node:util';
import { benchAceRules } from './ace-rules.ts';
import { benchMapping } from './mapping.ts';
import { benchPipeline, type PipelineCase } from './pipeline/bench-pipeline.ts';
import { benchSalesforce } from './salesforce.ts';

/** `npm run bench`: ratios against plain peers of the same run, and counts that do not depend on the machine. */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(
    'npm run bench -- [--full] [--json]\n  --full  also 50,000 records through the Salesforce client\n  --json  ends with one JSON line\n',
  );
  process.exit(0);
}
const say = (line: string) => process.stderr.write(`${line}\n`);

const pipeline = await benchPipeline({ full: values.full, say });
say('contract rules');
const rules = await benchAceRules();
say('mapping');
const mapping = await benchMapping();
say('Salesforce client');
const salesforce = await benchSalesforce(values.full ? 50_000 : 5_000);

const round = (value: number) => Math.round(value * 100) / 100;
const perFile = ({ sync, files }: PipelineCase) => ({
  crmCalls: round(sync.crmCalls / files),
  s3Requests: round(sync.s3Requests / files),
  historyEvents: round(sync.historyEvents / files),
  historyBytes: Math.round(sync.historyBytes / files),
  billableActions: round(sync.billableActions / files),
});
const ratios = (one: PipelineCase) => ({
  sequential: round(one.sequential / one.sync.seconds),
  concurrent16: round(one.concurrent16 / one.sync.seconds),
  ...(one.ceiling === null ? {} : { ceiling: round(one.ceiling / one.sync.seconds) }),
  crmCallsOfConcurrent16: round(one.sync.crmCalls / one.concurrent16CrmCalls),
});
const [oneRecord, oneRecordFar] = pipeline.oneRecord;
const [fiftyRecords, fiftyRecordsFar] = pipeline.fiftyRecords;
if (!oneRecord || !oneRecordFar || !fiftyRecords || !fiftyRecordsFar)
  throw new Error('A case of the pipeline is missing.');
const result = {
  perOutboundFile: perFile(oneRecord),
  perFiftyRecordFile: perFile(fiftyRecords),
  ratios: {
    oneRecord: ratios(oneRecord),
    fiftyRecords: ratios(fiftyRecords),
    oneRecordWithLatency: ratios(oneRecordFar),
    fiftyRecordsWithLatency: ratios(fiftyRecordsFar),
  },
  rules,
  mapping,
  salesforce,
};
for (const [name, one] of Object.entries({ oneRecord, oneRecordFar, fiftyRecords, fiftyRecordsFar })) {
  const { sync, sequential, concurrent16 } = one;
  process.stdout.write(
    `${name.padEnd(18)} ace-sync ${sync.seconds.toFixed(1)} s | sequential ${sequential.toFixed(1)} s | 16 in flight ${concurrent16.toFixed(1)} s | ${JSON.stringify(perFile(one))}\n`,
  );
}
process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`);
