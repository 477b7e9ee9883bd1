import type { Client } from '@temporalio/client';
import { abandon, retry } from '../../../src/workflows/messages.ts';
import type { Numbers } from '../marks.ts';
import type { Stage } from '../stage.ts';

/** What makes a step happen that an ordinary day may not bring; all other steps come with every record. */
export type Provocation = (stage: Stage, numbers: Numbers) => Promise<void>;

/** More than the sync takes as one file. */
const tooManyBytes = 1_200_000;

const loseResults: Provocation = async ({ ace }) => {
  await ace.setSwitches({ resultDelivery: 'lost' });
};

export const provocations: Readonly<Record<string, Provocation>> = {
  downloadFile: putFile(' '.repeat(tooManyBytes)),
  settleFile: putFile('{ "opportunities": ['),
  lookForEvidence: askForAnswers,
  releaseIntent: loseResults,
  stopUpload: giveUp,
};

/** The switch that a provocation sets. */
export const switchOfProvocation: Readonly<Record<string, string>> = { releaseIntent: 'resultDelivery' };

function putFile(text: string): Provocation {
  return async ({ ace }, numbers) => {
    await ace.putOutboundFile({ object: 'opportunity', name: `Broken_${numbers.next()}.json`, text });
  };
}

/** Somebody gives up whatever upload is under way, held or waiting; whoever dies by it answers nothing. */
async function giveUp({ client, config }: Stage): Promise<void> {
  for (const handle of await runningUploads(client(), config.connection)) {
    try {
      await handle.startUpdate(abandon, { args: [{ reason: 'Entered twice' }], waitForStage: 'ACCEPTED' });
      return;
    } catch {
      // It ended meanwhile; there are others.
    }
  }
}

/**
 * Somebody is impatient: an upload that waits for its answer looks for it. A new record that AWS may have taken is sent
 * again only by those who looked for it in Partner Central, and there it is.
 */
async function askForAnswers({ client, config }: Stage): Promise<void> {
  for (const handle of await runningUploads(client(), config.connection, ['CREATE_WITHOUT_RESULT']))
    await handle.signal(retry).catch(() => undefined);
}

async function runningUploads(client: Client, connection: string, but: readonly string[] = []) {
  const query = `WorkflowType = 'uploadRecord' AND ExecutionStatus = 'Running' AND AceConnection = '${connection}'`;
  const runs = await Array.fromAsync(client.workflow.list({ query })).catch(() => []);
  const wanted = runs.filter(({ searchAttributes }) => !but.includes(String(searchAttributes.AceReason?.[0])));
  return wanted.slice(0, 5).map(({ workflowId }) => client.workflow.getHandle(workflowId));
}
