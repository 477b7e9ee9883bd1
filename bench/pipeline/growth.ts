import { createHash } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { tagsWithOutcome } from '../../src/bucket/outcome-tag.ts';
import { type BenchStack, outboundFolder } from './bench-stack.ts';
import { total } from './counting-proxy.ts';
import { type Cost, costOfOne } from './measure-cost.ts';
import { outboundFiles } from './outbound-records.ts';
import { scan } from './scan.ts';
import { runSync } from './sync-run.ts';
import { until } from './until.ts';

export interface Growth {
  /** In full ten times the files of the backlog case. */
  readonly files: { readonly count: number; readonly filesPerSecond: number; readonly perFile: Cost };
  /** A scan beside so many parked files, each with a workflow that waits. */
  readonly parked: { readonly count: number; readonly firstScan: ScanCost; readonly laterScan: ScanCost };
  /** Scans of a folder full of files that are tagged as settled, by a worker that never saw them and afterwards. */
  readonly tagged: { readonly count: number; readonly firstScans: ScanCost; readonly laterScan: ScanCost };
}

export interface ScanCost {
  readonly seconds: number;
  readonly s3Requests: number;
  readonly crmCalls: number;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** How many of each. */
export const growthCounts = { files: 10_000, parked: 2_000, tagged: 20_000 };
export const quickGrowthCounts = { files: 500, parked: 100, tagged: 5_000 };

export async function measureGrowth(
  stack: BenchStack,
  counts: typeof growthCounts,
  say: (line: string) => void,
): Promise<Growth> {
  const files = await tenTimesTheFiles(stack, counts.files, say);
  const parked = await parkedFiles(stack, counts.parked, say);
  const tagged = await taggedFiles(stack, counts.tagged, say);
  return { files, parked, tagged };
}

async function tenTimesTheFiles(stack: BenchStack, count: number, say: (line: string) => void) {
  await fill(stack, outboundFiles('growth', count, 1));
  const { seconds, ...cost } = await runSync(stack);
  const perFile = costOfOne(cost, count);
  const filesPerSecond = round(count / seconds);
  say(`growth: ${count} files at ${filesPerSecond} a second, ${perFile.crmCalls} CRM calls a file`);
  return { count, filesPerSecond, perFile };
}

/** Partner referrals that the CRM does not know: every one of them is parked until somebody matches it. */
async function parkedFiles(stack: BenchStack, count: number, say: (line: string) => void) {
  const files = outboundFiles('parked', count, 1, { opportunityOwnership: 'Partner Referral' });
  await fill(stack, files);
  await scan(stack, 'scanOutbound');
  const waiting = `WorkflowType = 'processOutboundFile' AND ExecutionStatus = 'Running' AND AceOutcome = 'parked'`;
  await until(async () => (await stack.client.workflow.count(waiting)).count >= count);
  const firstScan = await scanCost(stack);
  const laterScan = await scanCost(stack);
  say(`growth: a scan beside ${count} parked files takes ${laterScan.seconds} s, ${laterScan.s3Requests} S3 requests`);
  for await (const { workflowId } of stack.client.workflow.list({ query: waiting })) {
    await stack.client.workflow.getHandle(workflowId).terminate('end of the measurement');
  }
  await stack.empty(outboundFolder);
  return { count, firstScan, laterScan };
}

/** The tag of a file that is done and could not be deleted, with the ETag that S3 gives to a body put at once. */
function settledTag(body: string): string {
  const tag = tagsWithOutcome([], 'settled', createHash('md5').update(body).digest('hex'));
  return new URLSearchParams(tag.map(({ Key, Value }): [string, string] => [Key, Value])).toString();
}

/** Older than what a scan takes for just arrived. */
const age = 2 * 60 * 60 * 1000;

async function taggedFiles(stack: BenchStack, count: number, say: (line: string) => void) {
  const old = new Date(Date.now() - age);
  await fill(stack, outboundFiles('tagged', count, 1), settledTag, async (name) => {
    await utimes(join(stack.objects, outboundFolder, name), old, old);
  });
  const firstScans = await scanCost(stack);
  const laterScan = await scanCost(stack);
  say(`growth: a scan of ${count} tagged files takes ${laterScan.seconds} s, ${laterScan.s3Requests} S3 requests`);
  await stack.empty(outboundFolder);
  return { count, firstScans, laterScan };
}

async function scanCost(stack: BenchStack): Promise<ScanCost> {
  stack.s3.reset();
  stack.salesforce.reset();
  const start = performance.now();
  await scan(stack, 'scanOutbound');
  const seconds = round((performance.now() - start) / 1000);
  return { seconds, s3Requests: total(stack.s3.counts), crmCalls: total(stack.salesforce.counts) };
}

/** Puts under way at once. */
const together = 16;

async function fill(
  stack: BenchStack,
  files: readonly { readonly name: string; readonly body: string }[],
  tagOf?: (body: string) => string,
  afterwards: (name: string) => Promise<void> = async () => {},
): Promise<void> {
  let next = 0;
  const hand = async () => {
    for (let file = files[next++]; file !== undefined; file = files[next++]) {
      await stack.putOutbound(file.name, file.body, tagOf?.(file.body));
      await afterwards(file.name);
    }
  };
  await Promise.all(Array.from({ length: together }, hand));
}
