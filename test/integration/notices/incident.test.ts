import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { readTemporalEvidence } from '../../../src/activities/temporal-evidence.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';
import { hour, type WatchedJob, watchJob } from './watched-job.ts';

describe('an incident of the connection', { timeout: 400_000 }, () => {
  let job: MainJob;
  let watched: WatchedJob;
  before(async () => {
    job = await startMainJob({ seed: 43 });
    await job.settle();
    watched = await watchJob(job, { failingAttempts: 2 });
  });

  const failing = async () => (await readTemporalEvidence(watched.deps)).failing.map(({ code }) => code);
  /** Some looks, ten minutes apart, and what they told. */
  async function looks(count: number): Promise<readonly string[]> {
    const told: string[] = [];
    for (let look = 0; look < count; look += 1) told.push(...(await watched.told(hour / 6)));
    return told;
  }

  it('is none where a person holds the connection, however many steps wait for it', async () => {
    const [row] = await job.query(`SELECT Id FROM ACE_Connection__c WHERE Connection__c = '${job.config.connection}'`);
    const hold = (state: string) => job.crm.update('ACE_Connection__c', String(row?.Id), { Requested_State__c: state });
    await job.ace.setSwitches({
      faults: [{ effect: 'unavailable', methods: ['GET'], contains: 'opportunity-outbound/Opp' }],
    });
    await job.ace.referOpportunity();
    await job.ace.exportNow();
    await job.scan();
    await hold('Hold all');
    await waitUntil('the worker sees it', async () =>
      (await job.scan()).every(({ reason }) => reason?.includes('A person holds the connection')),
    );
    await job.ace.setSwitches({ faults: [] });
    await waitUntil('a step waits for the release', async () => (await failing()).includes('CONNECTION_HELD'));
    assert.deepEqual(await looks(9), []);
    await hold('Run');
    assert.deepEqual(await looks(3), []);
  });

  it('such as a refused login is one message with what waits, and one when it is over', async () => {
    const { faults, administration } = job.standIn;
    await job.ace.referOpportunity();
    await job.ace.exportNow();
    faults.inject(
      { path: '/services/oauth2/token' },
      { kind: 'error', code: 'invalid_client', message: 'invalid client credentials', status: 400 },
      { times: 100_000 },
    );
    // The administrator's too, so this test is the last one.
    administration.expireSessions();
    await job.scan();
    await waitUntil('a step fails again and again', async () => (await failing()).includes('CRM_LOGIN_REFUSED'));
    // Later looks find the file there for more than an hour, and no result read.
    const [message = '', ...others] = await looks(10);
    assert.deepEqual(others, []);
    assert.match(message, /\(!\) The CRM refused the login\. \[CRM_LOGIN_REFUSED\]\n2 files wait; nothing is lost/);
    faults.clear();
    await waitUntil('the files are settled', async () => {
      await job.scan();
      return (await job.names('opportunity-outbound/')).length === 0;
    });
    await waitUntil('no step fails', async () => (await failing()).length === 0);
    const over = await looks(5);
    assert.equal(over.length, 1, over.join());
    assert.match(over[0] ?? '', /1 resolved, 0 open\n\nResolved: The CRM refused the login/);
  });
});
