import type { PipelineBenchmark, PipelineCase } from './pipeline/bench-pipeline.ts';
import type { Growth } from './pipeline/growth.ts';
import { type Cost, costOfOne } from './pipeline/measure-cost.ts';
import type { Idle } from './pipeline/measure-idle.ts';
import type { SteadyState } from './pipeline/measure-latency.ts';
import type { Soak } from './pipeline/soak.ts';
import type { WaitingUploads } from './pipeline/waiting-uploads.ts';

/** All that a run measured on the servers. */
export interface Report {
  readonly pipeline: PipelineBenchmark;
  readonly uploads: number;
  readonly perUpload: Cost;
  readonly steady: SteadyState;
  readonly idle: Idle;
  readonly growth: Growth | null;
  readonly waiting: WaitingUploads;
  readonly soak: Soak | null;
}

const round = (value: number) => Math.round(value * 1000) / 1000;

const ratios = ({ sync, sequential, concurrent16, ceiling, recordsPerFile }: PipelineCase) => ({
  sequential: round(sequential / sync.seconds),
  concurrent16: round(concurrent16 / sync.seconds),
  ...(recordsPerFile === 1 ? { ceiling: round(ceiling / sync.seconds) } : {}),
});

/** The figures of the JSON line: the backlog case and the ratios are those with the injected latencies. */
export function summaryOf({ pipeline, perUpload, steady, idle, growth, waiting, soak }: Report) {
  const { oneRecord, fiftyRecords } = pipeline;
  const perFile = ({ sync: { seconds: _, ...cost }, files }: PipelineCase) => costOfOne(cost, files);
  const seconds = ({ sync, sequential, concurrent16, ceiling }: PipelineCase) => ({
    aceSync: round(sync.seconds),
    sequential: round(sequential),
    concurrent16: round(concurrent16),
    ceiling: round(ceiling),
  });
  return {
    perOutboundFile: perFile(oneRecord.real),
    perUpload,
    idleActionsPerDay: idle.actionsPerDay,
    ratios: { oneRecord: ratios(oneRecord.real), fiftyRecords: ratios(fiftyRecords.real) },
    ratiosWithoutLatency: { oneRecord: ratios(oneRecord.none), fiftyRecords: ratios(fiftyRecords.none) },
    crmCallsShareOfPlainLoop: {
      oneRecord: round(oneRecord.real.sync.crmCalls / oneRecord.real.concurrent16CrmCalls),
      oneRecordWithoutLatency: round(oneRecord.none.sync.crmCalls / oneRecord.none.concurrent16CrmCalls),
      fiftyRecords: round(fiftyRecords.real.sync.crmCalls / fiftyRecords.real.concurrent16CrmCalls),
    },
    perFiftyRecordFile: perFile(fiftyRecords.real),
    steadyState: { perOutboundFile: steady.perOutboundFile, perUpload: steady.perUpload },
    latencyMs: { fileToCrm: steady.fileToCrm, editToFile: steady.editToFile },
    idlePerDay: idle,
    seconds: {
      oneRecord: seconds(oneRecord.real),
      oneRecordWithoutLatency: seconds(oneRecord.none),
      fiftyRecords: seconds(fiftyRecords.real),
      fiftyRecordsWithoutLatency: seconds(fiftyRecords.none),
    },
    waiting,
    ...(growth === null ? {} : { growth }),
    ...(soak === null ? {} : { soak }),
  };
}

type Summary = ReturnType<typeof summaryOf>;

/** Prints the figures as the tables of docs/benchmarks.md. */
export function printTable({ pipeline, uploads, growth, waiting, soak }: Report, summary: Summary): void {
  const cases = [
    pipeline.oneRecord.real,
    pipeline.oneRecord.none,
    pipeline.fiftyRecords.real,
    pipeline.fiftyRecords.none,
  ];
  const fixed = (value: number) => value.toFixed(1);
  print(
    ['case', 'ace-sync s', 'sequential s', '16 in flight s', 'ceiling s', 'CRM calls', 'of the 16-way loop'],
    cases.map(({ files, recordsPerFile, latency, sync, sequential, concurrent16, ceiling, concurrent16CrmCalls }) => [
      `${files} files of ${recordsPerFile}, ${latency === 'real' ? '25 and 150 ms' : 'no latency'}`,
      ...[sync.seconds, sequential, concurrent16, ceiling].map(fixed),
      String(sync.crmCalls),
      `${((sync.crmCalls / concurrent16CrmCalls) * 100).toFixed(1)} %`,
    ]),
  );
  const cost = (name: string, one: Cost) => [name, ...Object.values(one).map((value) => String(round(value)))];
  print(
    ['cost of one', 'CRM calls', 'S3 requests', 'history events', 'history bytes', 'billable actions'],
    [
      cost('outbound file, backlog', summary.perOutboundFile),
      cost('outbound file, alone', summary.steadyState.perOutboundFile),
      cost('file of 50 records, backlog', summary.perFiftyRecordFile),
      cost(`upload, ${uploads} at once`, summary.perUpload),
      cost('upload, alone', summary.steadyState.perUpload),
    ],
  );
  const { fileToCrm, editToFile } = summary.latencyMs;
  const { actionsPerDay, crmCallsPerDay, s3RequestsPerDay } = summary.idlePerDay;
  print(
    ['', 'p50', 'p99'],
    [
      ['file to CRM record, ms', String(fileToCrm.p50), String(fileToCrm.p99)],
      ['CRM edit to inbound file, ms', String(editToFile.p50), String(editToFile.p99)],
    ],
  );
  print(
    ['an idle day', 'actions', 'CRM calls', 'S3 requests'],
    [['one connection', String(actionsPerDay), String(crmCallsPerDay), String(s3RequestsPerDay)]],
  );
  print(
    [`${waiting.count} uploads that wait`, 'in memory', 'dropped', 'worker MB at its start', 'worker MB'],
    (['allCached', 'smallCache'] as const).map((name) => {
      const { cache, megabytes } = waiting[name];
      return [name, ...[cache.kept, cache.dropped, megabytes.started, megabytes.waiting].map(String)];
    }),
  );
  const { historyEvents, historyBytes } = waiting.perWaiting;
  const { reached, seconds } = waiting.woken;
  process.stdout.write(
    `Each waits with ${historyEvents} events and ${historyBytes} bytes of history. Dropped and then told, ${reached} looked at ` +
      `their record within ${fixed(seconds)} s.\n\n`,
  );
  if (growth !== null) process.stdout.write(`growth ${JSON.stringify(growth, null, 2)}\n\n`);
  if (soak !== null) process.stdout.write(`soak ${JSON.stringify(soak, null, 2)}\n\n`);
}

function print(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`;
  process.stdout.write(`${line(head)}${line(widths.map((width) => '-'.repeat(width)))}${rows.map(line).join('')}\n`);
}
