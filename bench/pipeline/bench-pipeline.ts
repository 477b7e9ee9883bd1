import { type BenchStack, outboundFolder } from './bench-stack.ts';
import { total } from './counting-proxy.ts';
import { runCeiling } from './engine-ceiling.ts';
import { outboundFiles } from './outbound-records.ts';
import { runPlainLoop } from './plain-loops.ts';
import { runSync, type SyncRun } from './sync-run.ts';

/** Milliseconds a call takes away from the machine: S3 in the region, Salesforce over the internet. */
export const latencies = { none: { s3: 0, salesforce: 0 }, real: { s3: 25, salesforce: 150 } } as const;
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
  readonly ceiling: number;
}

export interface PipelineBenchmark {
  readonly oneRecord: Readonly<Record<Latency, PipelineCase>>;
  readonly fiftyRecords: Readonly<Record<Latency, PipelineCase>>;
}

/** Files that the sequential peer really does; the rest is the same again, so its time is scaled. */
const mostSequentialRecords = 100;

export function setLatency(stack: BenchStack, latency: Latency): void {
  stack.s3.latency = latencies[latency].s3;
  stack.salesforce.latency = latencies[latency].salesforce;
}

/** The sync beside its peers and the engine's ceiling, on the same servers, one after the other. */
export async function benchPipeline(
  stack: BenchStack,
  files: { readonly oneRecord: number; readonly fiftyRecords: number },
  say: (line: string) => void,
): Promise<PipelineBenchmark> {
  const oneRecord = (latency: Latency) => runCase(stack, { files: files.oneRecord, recordsPerFile: 1, latency }, say);
  const fiftyRecords = (latency: Latency) =>
    runCase(stack, { files: files.fiftyRecords, recordsPerFile: 50, latency }, say);
  return {
    oneRecord: { real: await oneRecord('real'), none: await oneRecord('none') },
    fiftyRecords: { real: await fiftyRecords('real'), none: await fiftyRecords('none') },
  };
}

async function runCase(
  stack: BenchStack,
  { files, recordsPerFile, latency }: { files: number; recordsPerFile: number; latency: Latency },
  say: (line: string) => void,
): Promise<PipelineCase> {
  const name = `${files} files of ${recordsPerFile}, latency ${latency}`;
  setLatency(stack, latency);
  const fill = async (prefix: string, count: number) => {
    for (const file of outboundFiles(`${prefix}${latency}${recordsPerFile}`, count, recordsPerFile))
      await stack.putOutbound(file.name, file.body);
  };

  const part = Math.max(1, Math.min(files, Math.floor(mostSequentialRecords / recordsPerFile)));
  await fill('seq', part);
  const sequential = ((await runPlainLoop(stack, 1)) * files) / part;
  say(`${name}: sequential loop ${sequential.toFixed(1)} s (${part} files, scaled)`);

  await fill('con', files);
  stack.salesforce.reset();
  const concurrent16 = await runPlainLoop(stack, 16);
  const concurrent16CrmCalls = total(stack.salesforce.counts);
  say(`${name}: 16 in flight ${concurrent16.toFixed(1)} s, ${concurrent16CrmCalls} CRM calls`);

  const ceiling = await runCeiling(stack, files);
  say(`${name}: engine's ceiling ${ceiling.toFixed(1)} s`);

  await stack.empty(outboundFolder);
  await fill('syn', files);
  const sync = await runSync(stack);
  say(`${name}: ace-sync ${sync.seconds.toFixed(1)} s, ${sync.crmCalls} CRM calls, ${sync.s3Requests} S3 requests`);
  return { files, recordsPerFile, latency, sync, sequential, concurrent16, concurrent16CrmCalls, ceiling };
}
