import { aceFolders } from '../../../src/bucket/folders.ts';
import { waitUntil } from '../../support/wait-until.ts';
import type { MainJob } from './main-job.ts';

const { inbound, processedResults } = aceFolders.opportunity;

/** An answer of ACE's that was not made by the simulator. */
export async function answer(
  { awsBucket }: MainJob,
  inboundName: string,
  content: object | string,
  suffix = '_result',
) {
  const key = `${processedResults}${inboundName.replace('.json', '')}${suffix}.json`;
  await awsBucket.put(key, Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)));
  return key.slice(processedResults.length);
}

export const resultOf = (job: MainJob, name: string, row: Readonly<Record<string, unknown>>) => ({
  success: row.isSuccess === true ? 'ALL' : 'NONE',
  spmsId: job.config.ace.spmsId,
  isApiError: false,
  inboundApiResults: [{ errors: null, warnings: null, ...row }],
  fileName: inbound + name,
  fileApnProcessedDT: new Date().toISOString(),
  apiErrors: null,
});

/** The names of the files for a record that ACE has not taken yet. */
export const onTheirWay = async (job: MainJob, crmId: string) =>
  (await job.names(inbound)).filter((name) => name.includes(crmId));

export async function oneOnItsWay(job: MainJob, crmId: string, not?: string): Promise<string> {
  const [name = ''] = await waitUntil('a file is on its way', async () => {
    const names = (await onTheirWay(job, crmId)).filter((one) => one !== not);
    return names.length > 0 ? names : null;
  });
  return name;
}
