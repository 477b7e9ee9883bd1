import { unsharedOpportunities } from '../../../src/sandbox/crm-seed-data.ts';
import { abandon } from '../../../src/workflows/messages.ts';
import { markedText, type Numbers } from '../marks.ts';
import type { Stage } from '../stage.ts';

/** What makes a step happen that an ordinary day may not bring; all other steps come with every record. */
type Provocation = (stage: Stage, numbers: Numbers) => Promise<void>;

/** More than the sync takes as one file. */
const tooManyBytes = 1_200_000;

const loseResults: Provocation = async ({ ace }) => {
  await ace.setSwitches({ resultDelivery: 'lost' });
};

export const provocations: Readonly<Record<string, Provocation>> = {
  lookForEvidence: loseResults,
  releaseIntent: loseResults,
  tagFile: putFile('{ "opportunities": ['),
  refuseLargeFile: putFile(' '.repeat(tooManyBytes)),
  stopUpload: giveUp,
};

function putFile(text: string): Provocation {
  return async ({ ace }, numbers) => {
    await ace.putOutboundFile({ object: 'opportunity', name: `Broken_${numbers.next()}.json`, text });
  };
}

/** Somebody shares a record without what AWS wants, and gives it up while it is held. */
async function giveUp({ administrator, client, config }: Stage, numbers: Numbers): Promise<void> {
  const [draft] = unsharedOpportunities(new Date());
  if (draft === undefined) throw new Error('There is no draft to share.');
  const crmId = await administrator.create('Opportunity', {
    ...draft.opportunity,
    Name: `Given up ${markedText('crm', numbers.next())}`,
    Description: 'Too short',
  });
  await administrator.create('ACE_Sync__c', { Opportunity__c: crmId, Action__c: 'Share' });
  const handle = client().workflow.getHandle(`${config.connection}/upload/opportunity/${crmId}`);
  for (let attempt = 1; attempt <= 40; attempt += 1) {
    try {
      // Whoever dies by it answers nothing; the update is taken up by the next life.
      await handle.startUpdate(abandon, {
        args: [{ reason: 'Entered twice' }],
        waitForStage: 'ACCEPTED',
      });
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
