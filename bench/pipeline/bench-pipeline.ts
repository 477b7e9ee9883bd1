import { type BenchStack, startBenchStack } from './bench-stack.ts';
import { total } from './counting-proxy.ts';
import { runCeiling } from './engine-ceiling.ts';
import { outboundFiles } from './outbound-records.ts';
import { runPlainLoop } from './plain-loops.ts';
import { runSync, type SyncRun, startSyncWorker } from './sync-run.ts';

/** Milliseconds a call takes away from the machine: S3 in the region, Salesforce over the internet. */
const latencies = { none: { s3: 0, salesforce: 0 }, real: { s3: 25, salesforce: 150 } } as const;
export type Latency = keyof typeof latencies;

export interface PipelineCase {
  readonly files: number;
  readonly recordsPerFile: number;
  readonly latency: Latency;
  readonly sync: SyncRun;
  /** Seconds of the peers; the sequential one may run a part of the files, scaled up. */
  readonly sequential: number;
  readonly concurrent16: number;
  readonly concurrent16CrmCalls: number;
  readonly ceiling: number | null;
}

export interface PipelineBenchmark {
  readonly oneRecord: readonly PipelineCase[];
  readonly fiftyRecords: readonly PipelineCase[];
}

/** Files that the sequential peer really does; the rest is the same again, so its time is scaled. */
const mostSequentialRecords = 200;

export async function benchPipeline(options: {
  readonly full: boolean;
  readonly say: (line: string) => void;
}): Promise<PipelineBenchmark> {
  const stack = await startBenchStack(options.say);
  try {
    const oneRecord: PipelineCase[] = [];
    const fiftyRecords: PipelineCase[] = [];
    for (const latency of ['none', 'real'] as const) {
      oneRecord.push(
        await runCase(stack, { files: 1000, recordsPerFile: 1, latency, withCeiling: latency === 'none' }, options.say),
      );
      fiftyRecords.push(
        await runCase(stack, { files: 50, recordsPerFile: 50, latency, withCeiling: false }, options.say),
      );
    }
    return { oneRecord, fiftyRecords };
  } finally {
    await stack.close();
  }
}

async function runCase(
  stack: BenchStack,
  {
    files,
    recordsPerFile,
    latency,
    withCeiling,
  }: { files: number; recordsPerFile: number; latency: Latency; withCeiling: boolean },
  say: (line: string) => void,
): Promise<PipelineCase> {
  const name = `${files} files of ${recordsPerFile}, latency ${latency}`;
  stack.s3.latency = latencies[latency].s3;
  stack.salesforce.latency = latencies[latency].salesforce;
  const fill = async (prefix: string, count: number) => {
    for (const file of outboundFiles(`${prefix}${latency}${recordsPerFile}`, count, recordsPerFile))
      await stack.putOutbound(file.name, file.body);
  };

  const part = Math.max(1, Math.min(files, Math.floor(mostSequentialRecords / recordsPerFile)));
  say(`${name}: sequential loop (${part} files, scaled)`);
  await fill('seq', part);
  const sequential = ((await runPlainLoop(stack, 1)) * files) / part;

  say(`${name}: 16 in flight`);
  await fill('con', files);
  stack.salesforce.reset();
  const concurrent16 = await runPlainLoop(stack, 16);
  const concurrent16CrmCalls = total(stack.salesforce.counts);

  const ceiling = withCeiling ? await runCeiling(stack, files) : null;
  if (ceiling !== null) say(`${name}: engine's ceiling ${ceiling.toFixed(1)} s`);

  const stopWorker = await startSyncWorker(stack);
  await fill('syn', files);
  say(`${name}: ace-sync`);
  const sync = await runSync(stack);
  await stopWorker();
  say(
    `${name}: sequential ${sequential.toFixed(1)} s, 16 in flight ${concurrent16.toFixed(1)} s, ace-sync ${sync.seconds.toFixed(1)} s, ${sync.crmCalls} CRM calls`,
  );
  return { files, recordsPerFile, latency, sync, sequential, concurrent16, concurrent16CrmCalls, ceiling };
}
