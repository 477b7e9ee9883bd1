import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { shareOpportunity } from './crm-records.ts';
import { type MainJob, startMainJob } from './main-job.ts';
import { bothSides } from './outcome.ts';

const { inbound, outbound } = aceFolders.opportunity;

/** How long a request hangs: the worker is killed long before. */
const hangMs = 20_000;

/** True while an activity of this name has been started and has not answered. */
async function isUnderWay(job: MainJob, activity: string): Promise<boolean> {
  const query = `AceConnection = '${job.config.connection}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of job.client.workflow.list({ query })) {
    const { raw } = await job.client.workflow.getHandle(workflowId).describe();
    if (raw.pendingActivities?.some(({ activityType }) => activityType?.name === activity)) return true;
  }
  return false;
}

const inCrm = (job: MainJob) =>
  job.standIn.administration.rows('Opportunity').filter(({ ACE_Id__c }) => Boolean(ACE_Id__c)).length;

/** What happens in both runs, and the moment at which the worker of one of them is killed. */
interface Step {
  readonly at: string;
  /** What makes the moment last long enough to be met. */
  readonly hold?: (job: MainJob) => Promise<void> | void;
  readonly happens: (job: MainJob) => Promise<unknown>;
  readonly isThere: (job: MainJob) => Promise<boolean>;
  /** What the other side does while nobody works here. */
  readonly meanwhile?: (job: MainJob) => Promise<unknown>;
}

const refer = async (job: MainJob) => {
  await job.ace.referOpportunity();
  await job.ace.exportNow();
};
const share = (number: number) => async (job: MainJob) => {
  await shareOpportunity(job, number);
  await job.detect();
};
const s3 = (effect: 'slow' | 'unavailable', method: 'GET' | 'PUT' | 'DELETE', contains: string) => (job: MainJob) =>
  job.ace.setSwitches({ faults: [{ effect, methods: [method], contains, delayMs: hangMs }] }).then(() => {});
const slowCrmAnswer = ({ standIn }: MainJob) =>
  standIn.faults.inject({ path: '/composite', object: 'Opportunity' }, { kind: 'slow', milliseconds: hangMs });

let recordsBefore = 0;

const steps: readonly Step[] = [
  {
    at: 'during the download',
    hold: s3('slow', 'GET', `${outbound}Opp`),
    happens: async (job) => {
      await refer(job);
      await job.scan();
    },
    isThere: (job) => isUnderWay(job, 'downloadFile'),
  },
  {
    at: 'after the CRM has saved the record, before its answer',
    hold: (job) => {
      recordsBefore = inCrm(job);
      slowCrmAnswer(job);
    },
    happens: async (job) => {
      await refer(job);
      await job.scan();
    },
    isThere: async (job) => inCrm(job) > recordsBefore,
  },
  {
    at: 'before the deletion of the file',
    hold: s3('slow', 'DELETE', outbound),
    happens: async (job) => {
      await refer(job);
      await job.scan();
    },
    isThere: (job) => isUnderWay(job, 'settleFile'),
  },
  {
    at: 'after the intent, before the PUT',
    hold: s3('unavailable', 'PUT', inbound),
    happens: share(0),
    isThere: async (job) =>
      (await isUnderWay(job, 'putFile')) &&
      job.standIn.administration.rows('ACE_Sync__c').some(({ Sending__c }) => Boolean(Sending__c)),
  },
  {
    at: 'after the PUT, before the result',
    happens: share(1),
    isThere: async (job) => (await job.names(inbound)).length > 0,
    meanwhile: (job) => job.ace.processInbound(),
  },
  {
    at: 'while the result is being settled',
    hold: () => {},
    happens: async (job) => {
      await share(2)(job);
      await waitUntil('the file is put', async () => (await job.names(inbound)).length > 0);
      await job.ace.processInbound();
      recordsBefore = inCrm(job);
      slowCrmAnswer(job);
      await job.scan();
    },
    isThere: async (job) => inCrm(job) > recordsBefore,
  },
];

async function release(job: MainJob): Promise<void> {
  job.standIn.faults.clear();
  await job.ace.setSwitches({ faults: [] });
}

test('a worker that is killed at every step and started again leaves what an undisturbed run leaves', {
  timeout: 540_000,
}, async (context) => {
  const disturbed = await startMainJob({ seed: 5, switches: { recordsPerFile: 1 } });
  for (const step of steps) {
    await context.test(`killed ${step.at}`, async () => {
      await step.hold?.(disturbed);
      await step.happens(disturbed);
      await waitUntil(step.at, () => step.isThere(disturbed));
      await disturbed.worker.kill();
      await step.meanwhile?.(disturbed);
      await release(disturbed);
      disturbed.worker.start();
    });
  }
  await disturbed.settle();
  await disturbed.worker.stop();

  const undisturbed = await startMainJob({ seed: 5, switches: { recordsPerFile: 1 } });
  for (const _ of [1, 2, 3]) await refer(undisturbed);
  for (const number of [0, 1, 2]) await shareOpportunity(undisturbed, number);
  await undisturbed.settle();

  const outcome = await bothSides(disturbed);
  assert.deepEqual(outcome, await bothSides(undisturbed));
  assert.equal(outcome.crm.length, 6);
  assert.equal(outcome.ace.length, 6);
  assert.deepEqual(outcome.files, [], 'no file is left');
  const taken = await disturbed.ace.files();
  assert.equal(new Set(taken.map(({ key }) => key)).size, 3, 'each record was sent in one file');
  for (const { arrivals } of taken) assert.equal(arrivals, 1, 'no name was used twice');
  const rows = disturbed.standIn.administration.rows('ACE_Sync__c');
  assert.equal(rows.length, 6, 'one companion row for each record');
  for (const row of rows) assert.equal(row.Sending__c ?? null, null, 'no intent is left');
  assert.equal((await disturbed.status()).unexplained, 0);
});
