import { setTimeout as delay } from 'node:timers/promises';
import { type BenchStack, inboundFolder } from './bench-stack.ts';
import { answerUploads, detect } from './measure-uploads.ts';
import { outboundFiles } from './outbound-records.ts';
import { residentMegabytes } from './resident-megabytes.ts';
import { scan } from './scan.ts';
import { shareOpportunities } from './share-opportunities.ts';
import { startSyncWorker } from './sync-worker.ts';

export interface Soak {
  readonly minutes: number;
  readonly files: number;
  readonly uploads: number;
  readonly worker: Memory;
  readonly standIn: Memory;
}

/** Megabytes of resident memory: after the first fifth of the time, at the end, and the most of all. */
export interface Memory {
  readonly warm: number;
  readonly end: number;
  readonly most: number;
}

/** What comes in a round, and how often one begins. */
const filesPerRound = 20;
const uploadsPerRound = 2;
const roundMilliseconds = 5_000;

/** Files and edits come for so many minutes without a pause; memory that grows with them is a leak, or the org's rows. */
export async function measureSoak(stack: BenchStack, minutes: number, say: (line: string) => void): Promise<Soak> {
  const worker = await startSyncWorker(stack);
  const megabytes = { worker: [] as number[], standIn: [] as number[] };
  const end = Date.now() + minutes * 60_000;
  let rounds = 0;
  while (Date.now() < end) {
    const next = Date.now() + roundMilliseconds;
    for (const { name, body } of outboundFiles(`soak${rounds}`, filesPerRound, 1)) await stack.putOutbound(name, body);
    await scan(stack, 'scanOutbound');
    await shareOpportunities(stack, uploadsPerRound);
    await detect(stack);
    if (!(await stack.isEmpty(inboundFolder))) await answerUploads(stack);
    rounds += 1;
    megabytes.worker.push(await residentMegabytes(worker.pid));
    megabytes.standIn.push(await residentMegabytes(stack.standInPid));
    if (rounds % 12 === 1) {
      say(`soak: round ${rounds}, worker ${megabytes.worker.at(-1)} MB, stand-in ${megabytes.standIn.at(-1)} MB`);
    }
    await delay(Math.max(0, next - Date.now()));
  }
  return {
    minutes,
    files: rounds * filesPerRound,
    uploads: rounds * uploadsPerRound,
    worker: memoryOf(megabytes.worker),
    standIn: memoryOf(megabytes.standIn),
  };
}

function memoryOf(samples: readonly number[]): Memory {
  return {
    warm: samples[Math.floor(samples.length / 5)] ?? 0,
    end: samples.at(-1) ?? 0,
    most: Math.max(0, ...samples),
  };
}
