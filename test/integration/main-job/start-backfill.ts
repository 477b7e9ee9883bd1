import { createJournal } from '../../../src/journal/journal.ts';
import type { BackfillInput } from '../../../src/workflows/messages.ts';
import type { MainJob } from './main-job.ts';

/** Starts the backfill of the connection with these lines of AWS's list, two records in a file. */
export async function startBackfill(
  { client, config }: MainJob,
  pairs: readonly { readonly aceId: string; readonly crmId: string }[],
  { more = [], ...timing }: Partial<BackfillInput> & { readonly more?: readonly string[] } = {},
) {
  const csv = pairs.map(({ aceId, crmId }) => `${aceId},${crmId}`);
  const lines = ['apnCrmUniqueIdentifier,partnerCrmUniqueIdentifier', ...csv, ...more];
  const input: BackfillInput = {
    connection: config.connection,
    csvSha: await createJournal(config.journal).archive(Buffer.from(lines.join('\n'))),
    recordsPerFile: 2,
    answerInterval: 500,
    verifyInterval: 500,
    verifyRounds: 1,
    ...timing,
  };
  return client.workflow.start('backfillOpportunities', {
    workflowId: `${config.connection}/backfill`,
    taskQueue: config.temporal.taskQueue,
    args: [input],
  });
}
