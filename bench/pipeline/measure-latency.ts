import { type BenchStack, inboundFolder, outboundFolder } from './bench-stack.ts';
import { type Cost, costOfOne, measureCost } from './measure-cost.ts';
import { answerUploads, detect } from './measure-uploads.ts';
import { outboundFiles } from './outbound-records.ts';
import { scan } from './scan.ts';
import { shareOpportunities } from './share-opportunities.ts';
import { until } from './until.ts';

/** Milliseconds beyond the schedule's interval. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

export interface SteadyState {
  /** From the start of the scan that finds a file to its record in the CRM. */
  readonly fileToCrm: Latency;
  /** From the start of the round that finds a CRM edit to its file in the inbound folder. */
  readonly editToFile: Latency;
  /** Cost of one file that comes alone, the scan that finds it included. */
  readonly perOutboundFile: Cost;
  readonly perUpload: Cost;
}

/** One after the other, each alone, as on a quiet day. */
export async function measureSteadyState(stack: BenchStack, samples: number): Promise<SteadyState> {
  const fileToCrm: number[] = [];
  const files = outboundFiles('steady', samples, 1);
  const fileCost = await measureCost(stack, ['processOutboundFile'], async () => {
    for (const { name, body, records } of files) {
      await stack.putOutbound(name, body);
      const start = Date.now();
      await scan(stack, 'scanOutbound');
      await until(() => stack.isEmpty(outboundFolder));
      fileToCrm.push((await createdAt(stack, String(records[0]?.apnCrmUniqueIdentifier))) - start);
    }
  });
  const editToFile: number[] = [];
  const uploadCost = await measureCost(stack, ['uploadRecord', 'processResultFile'], async () => {
    for (let sample = 0; sample < samples; sample += 1) {
      await shareOpportunities(stack, 1);
      stack.s3.puts.clear();
      const start = Date.now();
      await detect(stack);
      await until(async () => !(await stack.isEmpty(inboundFolder)));
      const put = [...stack.s3.puts].find(([path]) => path.includes(inboundFolder));
      if (put === undefined) throw new Error('A file is in the inbound folder that nobody put there.');
      editToFile.push(put[1] - start + stack.s3.latency);
      await answerUploads(stack);
    }
  });
  return {
    fileToCrm: quantiles(fileToCrm),
    editToFile: quantiles(editToFile),
    perOutboundFile: costOfOne(fileCost, samples),
    perUpload: costOfOne(uploadCost, samples),
  };
}

/** When the org made the record; the way there was delayed before, so it is counted already. */
async function createdAt({ administrator }: BenchStack, aceId: string): Promise<number> {
  const [record] = await administrator.query(`SELECT CreatedDate FROM Opportunity WHERE ACE_Id__c = '${aceId}'`);
  if (record === undefined) throw new Error(`${aceId} is not in the CRM.`);
  return Date.parse(String(record.CreatedDate));
}

function quantiles(values: readonly number[]): Latency {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}
