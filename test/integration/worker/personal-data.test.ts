import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { aceFolders } from '../../../src/bucket/folders.ts';
import { historyText } from '../../support/history-text.ts';
import { whenDone } from '../../support/shared-stack.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { readRow, shareOpportunity } from '../main-job/crm-records.ts';
import { type MainJob, startMainJob } from '../main-job/main-job.ts';

const { inbound, outbound, processedResults } = aceFolders.opportunity;
/** Each stands in one place only, so that a finding says where it came from. */
const planted = {
  record: 'Zebrafinch',
  'held record': 'Nightjar',
  'error text of ACE': 'jane.goshawk@example.com',
  'error text of the CRM': 'john.sparrow@example.com',
  'unreadable file': 'Wagtail',
} as const;

for (const encrypted of [false, true]) {
  describe(`a whole run ${encrypted ? 'with' : 'without'} a payload key`, { timeout: 400_000 }, () => {
    let job: MainJob;

    before(async () => {
      const folder = await mkdtemp(join(tmpdir(), 'ace-sync-personal-data-'));
      whenDone(() => rm(folder, { recursive: true, force: true }));
      const file = join(folder, 'payload-key');
      await writeFile(file, randomBytes(32).toString('base64'));
      job = await startMainJob({ seed: 41, ...(encrypted ? { payloadKey: { file } } : {}) });
    });

    it('meets a refusal of ACE that quotes an address, and keeps the text on the row', async () => {
      const refused = (await shareOpportunity(job, 0)).crmId;
      await job.detect();
      const name = await waitUntil('the file is put', async () =>
        (await job.names(inbound)).find((one) => one.includes(refused)),
      );
      const [ref] = (await job.awsBucket.list(inbound + name)).objects;
      assert.ok(ref);
      await job.awsBucket.delete(ref);
      const answer = {
        success: 'false',
        spmsId: job.config.ace.spmsId,
        isApiError: 'false',
        fileName: inbound + name,
        fileApnProcessedDT: new Date().toISOString(),
        inboundApiResults: [
          {
            partnerCrmUniqueIdentifier: refused,
            apnCrmUniqueIdentifier: null,
            isSuccess: 'false',
            errors: [`The contact ${planted['error text of ACE']} cannot be used.`],
            warnings: [],
          },
        ],
      };
      const result = processedResults + name.replace('.json', '_result.json');
      await job.awsBucket.put(result, Buffer.from(JSON.stringify(answer)));
      await job.settle();
      const row = await readRow(job, refused);
      assert.equal(row.Status__c, 'Needs attention');
      assert.match(String(row.Details__c), new RegExp(planted['error text of ACE']));
    });

    it('meets a refusal of the CRM that quotes an address, a record that is held, and a file nobody can read', async () => {
      const { crmId } = await shareOpportunity(job, 1, { Name: `${planted.record} renewal` });
      await shareOpportunity(job, 2, { Name: planted['held record'], Description: planted['held record'] });
      await job.settle();
      const [record] = (await job.ace.records()).filter(({ partnerId }) => partnerId === crmId);
      assert.ok(record);
      await job.crm.connection.metadata.create('ValidationRule', {
        fullName: 'Opportunity.No_Writes',
        active: true,
        errorConditionFormula: 'NOT(ISNEW())',
        errorMessage: `Ask ${planted['error text of the CRM']}.`,
      });
      await job.ace.approve({ id: record.aceId });
      await job.ace.step({ minutes: 1 });
      await job.ace.exportNow();
      const unreadable = Buffer.from(`{"opportunities":[{"customerLastName":"${planted['unreadable file']}"`);
      await job.awsBucket.put(`${outbound}Broken_1_11212026083842.json`, unreadable);
      await job.settle();
      const { outboundRecords, filesRejected, uploads } = await job.status();
      assert.deepEqual([outboundRecords.parked > 0, filesRejected, uploads.held > 0], [true, 1, true]);
    });

    it('leaves nothing of any of them in ids, search attributes, histories and the log', async () => {
      const found: string[] = [];
      const search = (place: string, text: string) => {
        for (const [what, word] of Object.entries(planted)) if (text.includes(word)) found.push(`${what} in ${place}`);
      };
      search('the log', job.worker.log());
      const types = new Set<string>();
      for await (const run of job.client.workflow.list({ query: `AceConnection = '${job.config.connection}'` })) {
        types.add(run.type);
        const { events } = await job.client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
        const text = historyText(events);
        search(run.type, `${run.workflowId}\n${JSON.stringify(run.searchAttributes)}\n${text}`);
        assert.equal(text.includes('binary/encrypted'), encrypted, run.type);
      }
      assert.deepEqual(found, []);
      for (const type of ['uploadRecord', 'processOutboundFile', 'processResultFile', 'detectChanges'])
        assert.ok(types.has(type), type);
    });
  });
}
