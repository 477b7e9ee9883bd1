import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { ConnectionStatus } from '../../src/client/status.ts';
import { createFolderJournal } from '../../src/journal/journal.ts';
import { companyRule } from '../../src/sandbox/seed-sandbox.ts';
import { waitUntil } from '../support/wait-until.ts';
import { type Finished, lastJson, type Running, runCommand, startCommand } from './command-line.ts';
import { personalTextsIn } from './personal-data.ts';
import { connectSandbox, type SandboxSides } from './sandbox-sides.ts';

type Summary = Omit<ConnectionStatus, 'working' | 'pausedSchedules'> & { readonly webUi: string };

const seedRecords = { opportunities: 40, leads: 15 };
const unshared = 10;
const started = 'Running. See';

/** One sandbox for the whole file: run until everything settled, then started again on the same folder. */
describe('ace-sync start', { timeout: 600_000 }, () => {
  let folder: string;
  let first: Finished;
  let summary: Summary;
  let second: Running;
  let sides: SandboxSides;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ace-sync-end-to-end-'));
    first = await runCommand('start', '--once', '--json', '--fresh', '--data', folder);
    assert.equal(first.code, 0, first.stderr);
    summary = lastJson<Summary>(first);
    second = startCommand('start', '--data', folder);
    await waitUntil('the second start', () => {
      assert.equal(second.child.exitCode, null, second.stderr());
      return second.stderr().includes(started);
    });
    sides = await connectSandbox(folder);
  });

  after(async () => {
    await sides?.close();
    second?.child.kill('SIGTERM');
    await second?.finished;
    await rm(folder, { recursive: true, force: true });
  });

  const outcomes = () => createFolderJournal(sides.config.journal.folder).outcomes();
  const status = async () => lastJson<ConnectionStatus>(await runCommand('status', '--json', '--config', configFile()));
  const configFile = () => join(folder, 'ace-sync.yaml');

  it('explains every record of both sides once everything settled', async () => {
    const { outboundRecords: counted, uploads, held } = summary;
    assert.equal(summary.unexplained, 0);
    assert.equal(summary.filesRejected, 1, 'the broken file');
    assert.equal(counted.parked, 1, 'the record that breaks the company rule');
    assert.ok(uploads.accepted > 0);
    assert.equal(uploads.waiting, 0);
    assert.equal(uploads.held, 3);
    assert.deepEqual(held.map(({ kind, reason }) => `${kind} ${reason}`).sort(), [
      'outboundFile CRM_VALIDATION_RULE',
      'upload ACE_DESCRIPTION_SHORT',
      'upload ACE_STANDARD_VALUE',
      'upload ACE_STATE_REQUIRED',
    ]);
    const lines = (await outcomes()).filter((line) => line.kind === 'outboundRecord');
    const total = Object.values(counted).reduce((sum, count) => sum + count, 0);
    assert.equal(total, lines.length, 'the summary counts each record of each file once');
    const explained = new Set(lines.map(({ aceId }) => aceId));
    const records = await sides.ace.records();
    const atAce = (object: string) => records.filter((record) => record.object === object).length;
    assert.equal(atAce('lead'), seedRecords.leads);
    assert.equal(atAce('opportunity'), seedRecords.opportunities + unshared - uploads.held);
    for (const { aceId } of records) assert.ok(explained.has(aceId), `${aceId} has an outcome`);
  });

  it('goes on where it was when it is started again', async () => {
    const again = await status();
    assert.equal(again.unexplained, 0);
    assert.deepEqual(
      again.held.map(({ workflowId, reason }) => `${workflowId} ${reason}`).sort(),
      summary.held.map(({ workflowId, reason }) => `${workflowId} ${reason}`).sort(),
    );
    assert.equal(second.stderr().includes('Seeding'), false, 'nothing is seeded twice');
  });

  it('keeps the broken file in the bucket, tagged', async () => {
    const { objects } = await sides.bucket.list('opportunity-outbound/');
    const broken = objects.find(({ key }) => key.includes('broken'));
    assert.ok(broken, 'the broken file is still there');
    assert.equal(await sides.bucket.readTag(broken), 'rejected');
  });

  it('explains a run in the Web UI without its events', async () => {
    const { client } = sides.temporal;
    const handle = client.workflow.getHandle(heldUpload('ACE_STANDARD_VALUE').workflowId);
    const { typedSearchAttributes: attributes } = await handle.describe();
    const shown = Object.fromEntries([...attributes.getAll()].map(({ key, value }) => [key.name, value] as const));
    assert.equal(shown.AceConnection, 'sandbox');
    assert.equal(shown.AceObject, 'opportunity');
    assert.equal(shown.AceOutcome, 'held');
    assert.equal(shown.AceReason, 'ACE_STANDARD_VALUE');
    assert.equal(shown.AceCrmId, heldUpload('ACE_STANDARD_VALUE').crmId);
    const { details, definition } = await userMetadata(handle.workflowId);
    assert.match(details, /\*\*held\*\*.*\n\nCorrect the CRM record.*\n\nACE_STANDARD_VALUE: /s);
    assert.match(JSON.stringify(definition), /Try again now, also with unchanged content/);
  });

  it('begins the current details with the summary, which Temporal drops where a run continues as new', async () => {
    const upload = heldUpload('ACE_STANDARD_VALUE').workflowId;
    const file = summary.held.find(({ kind }) => kind === 'outboundFile')?.workflowId ?? '';
    for (const [workflowId, phase] of [
      [upload, 'held'],
      [file, 'parked'],
    ] as const) {
      const now = await sides.temporal.client.workflow.getHandle(workflowId).describe();
      const firstRunId = now.raw.workflowExecutionInfo?.firstRunId ?? '';
      assert.notEqual(firstRunId, now.runId, 'it waits in another run than its first');
      assert.equal(await now.staticSummary(), undefined);
      const first = await sides.temporal.client.workflow.getHandle(workflowId, firstRunId).describe();
      const { details } = await userMetadata(workflowId);
      assert.equal(details.split('\n')[0], `**${phase}**: ${await first.staticSummary()}`);
    }
    const detector = await sides.temporal.client.workflow.getHandle('sandbox/detector').describe();
    const { details } = await userMetadata('sandbox/detector');
    assert.equal(details.split('\n')[0], await detector.staticSummary());
  });

  /** What the tab "User Metadata" of the Web UI asks for. */
  const userMetadata = async (workflowId: string) => {
    const { currentDetails, definition } = await sides.temporal.client.workflow
      .getHandle(workflowId)
      .query<{ currentDetails?: string; definition?: unknown }>('__temporal_workflow_metadata');
    return { details: currentDetails ?? '', definition };
  };

  const heldUpload = (reason: string) => {
    const item = summary.held.find((one) => one.reason === reason);
    assert.ok(item, `${reason} is held`);
    return { workflowId: item.workflowId, crmId: item.crmId ?? '' };
  };

  it('saves the parked record and deletes its file after the cause is gone and somebody says retry', async () => {
    const file = summary.held.find(({ kind }) => kind === 'outboundFile')?.file ?? '';
    const parked = (await outcomes()).find(({ outcome, kind }) => kind === 'outboundRecord' && outcome === 'parked');
    assert.ok(parked?.aceId);
    const inCrm = `SELECT Id FROM Opportunity WHERE ACE_Id__c = '${parked.aceId}'`;
    assert.equal((await sides.query(inCrm)).length, 0);
    const others = (await outcomes()).filter(
      (line) => line.kind === 'outboundRecord' && line.file === parked.file && line.outcome !== 'parked',
    );
    assert.equal(others.length, 19);
    for (const { aceId, crmId, outcome, code } of others) {
      assert.ok(crmId !== null || code === 'ACE_REFERRAL_REJECTED', `${aceId} is saved, or says why not: ${outcome}`);
    }
    const unchanged = await runCommand('retry', file, '--json', '--config', configFile());
    assert.equal(unchanged.code, 0, unchanged.stderr);
    await waitUntil('it is parked again', async () => {
      const [again] = (await outcomes()).filter(({ id, at }) => id === parked.id && at > parked.at);
      return again?.outcome === 'parked';
    });

    await sides.salesforce.metadata.delete('ValidationRule', companyRule);
    const retried = await runCommand('retry', file, '--json', '--config', configFile());
    assert.equal(retried.code, 0, retried.stderr);
    assert.equal(lastJson<{ retried: unknown[] }>(retried).retried.length, 1);
    await waitUntil('the file is deleted', async () => (await sides.bucket.exists(parked.file)) === 'absent');
    assert.equal((await sides.query(inCrm)).length, 1);
    const [last] = (await outcomes()).filter(({ id }) => id === parked.id);
    assert.equal(last?.outcome, 'applied');
  });

  it('refuses to retry what is not held, by name', async () => {
    const answer = await runCommand('retry', '006000000000000AAA', '--json', '--config', configFile());
    assert.equal(answer.code, 1);
    assert.deepEqual(lastJson<{ unknown: unknown }>(answer).unknown, ['006000000000000AAA']);
  });

  it('moves each held upload on when somebody corrects the record in the CRM', async () => {
    const tooShort = heldUpload('ACE_DESCRIPTION_SHORT').crmId;
    const noState = heldUpload('ACE_STATE_REQUIRED').crmId;
    const notStandard = heldUpload('ACE_STANDARD_VALUE').crmId;
    const [{ AccountId } = {}] = await sides.query(`SELECT AccountId FROM Opportunity WHERE Id = '${noState}'`);
    const [{ Id: rowId } = {}] = await sides.query(
      `SELECT Id FROM ACE_Sync__c WHERE CRM_Record_Id__c = '${notStandard}'`,
    );
    const edits = [
      ['Opportunity', tooShort, { Description: 'Restore the archive within hours instead of days, without tapes.' }],
      ['Account', String(AccountId), { BillingState: 'Colorado' }],
      ['ACE_Sync__c', String(rowId), { Use_Case__c: 'Web development & DevOps' }],
    ] as const;
    for (const [sobject, Id, fields] of edits) {
      const result = await sides.salesforce.sobject(sobject).update({ Id, ...fields });
      assert.ok(result.success);
    }
    for (const crmId of [tooShort, noState, notStandard]) {
      const aceId = await waitUntil(`${crmId} is accepted`, async () => {
        const [record] = await sides.query(`SELECT ACE_Id__c FROM Opportunity WHERE Id = '${crmId}'`);
        return (record?.ACE_Id__c as string | null) ?? null;
      });
      assert.match(aceId, /^O\d+$/);
      assert.equal((await sides.ace.record({ id: aceId })).fields.partnerCrmUniqueIdentifier, crmId);
    }
    await waitUntil('nothing is held any more', async () => (await status()).held.length === 0, 180_000);
    assert.equal((await status()).unexplained, 0);
  });

  it('holds each ACE record as exactly one CRM record', async () => {
    const rejectedByPartner = new Set(
      (await outcomes()).filter(({ code }) => code === 'ACE_REFERRAL_REJECTED').map(({ aceId }) => aceId),
    );
    const inCrm = [
      ...(await sides.query('SELECT Id, ACE_Id__c FROM Opportunity WHERE ACE_Id__c != null')),
      ...(await sides.query('SELECT Id, ACE_Id__c FROM Lead WHERE ACE_Id__c != null')),
    ].map((record) => String(record.ACE_Id__c));
    const atAce = (await sides.ace.records()).map(({ aceId }) => aceId);
    assert.equal(atAce.length, seedRecords.opportunities + seedRecords.leads + unshared);
    assert.deepEqual(inCrm.toSorted(), atAce.filter((aceId) => !rejectedByPartner.has(aceId)).toSorted());
    const rows = (await sides.query('SELECT ACE_Id__c FROM ACE_Sync__c')).map((row) => row.ACE_Id__c);
    assert.equal(new Set(rows).size, rows.length, 'one companion row each');
    const shared = (await sides.query('SELECT Id, ACE_Sync__c FROM Opportunity')).filter(
      (record) => record.ACE_Sync__c,
    );
    assert.equal(new Set(shared.map((record) => record.ACE_Sync__c)).size, shared.length);
  });

  it('puts no personal data and no foreign text into histories, ids and logs', async () => {
    assert.deepEqual(await personalTextsIn(sides, join(folder, 'logs', 'worker.log')), []);
  });

  it('ends in order on SIGTERM and leaves no server behind', async () => {
    const { webUi, endpoint } = { webUi: summary.webUi, endpoint: sides.config.salesforce.loginUrl };
    assert.match(webUi, /^http:\/\/127\.0\.0\.1:\d+\/namespaces\/ace-sync\/workflows$/);
    second.child.kill('SIGTERM');
    const [code] = await once(second.child, 'exit');
    assert.equal(code, 143);
    await assert.rejects(fetch(endpoint));
  });
});
