import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AceRecord } from '../../../src/ace/ace-record.ts';
import { settleRelations } from '../../../src/activities/settle-relations.ts';
import type { Crm, CrmWriteFields, Linked, SharedObject } from '../../../src/crm/crm.ts';
import { finishInbound, type InboundPlan, planInbound } from '../../../src/mapping/inbound.ts';
import { type OutboundPlan, planOutbound } from '../../../src/mapping/outbound.ts';
import {
  emptySentState,
  readReceivedState,
  readSentState,
  withBaseline,
  writeState,
} from '../../../src/mapping/sync-state.ts';
import {
  aceIds,
  aceLead,
  aceOpportunity,
  awsReferral,
  defaultMapping,
  hash,
  now,
  today,
} from '../../unit/mapping/world.ts';
import { type PreparedOrg, preparedOrg } from '../crm/prepared-org.ts';

/** The mapping with a real client and the stand-in between write and read: what the org makes of values is its own. */
class Through {
  readonly crm: Crm;
  readonly object: SharedObject;

  constructor(org: PreparedOrg, object: SharedObject) {
    this.crm = org.crm();
    this.object = object;
  }

  async look(): Promise<Linked> {
    const { crmPaths, rowFields } = defaultMapping[this.object];
    const [linked] = await this.crm.find(this.object, [{ aceId: aceIds[this.object] }], crmPaths, rowFields);
    return linked ?? assert.fail();
  }

  private stamp(linked: Linked) {
    const owner = { connection: 'main', environment: 'beta', spmsId: '1', orgId: '00D', installation: 'one' };
    return { ...owner, recordId: linked.record?.id ?? null, aceId: aceIds[this.object] };
  }

  async receive(aceRecord: AceRecord): Promise<InboundPlan> {
    const linked = await this.look();
    const at = String(aceRecord.lastModifiedDate);
    const plan = await planInbound({
      mapping: defaultMapping,
      object: this.object,
      aceRecord,
      linked,
      sent: null,
      received: readReceivedState(linked.row?.fields.Received_State__c, this.stamp(linked)).state,
      hash,
      fileKey: at,
      fileLastModified: at,
      stamp: this.stamp(linked),
      mode: 'live',
      now,
    });
    if (plan.finish === null) return plan;
    const { fields } = await settleRelations(this.crm, plan);
    const written = await this.write(this.object, fields);
    const after = await this.look();
    await this.write('sync', {
      ...plan.rowWrites,
      CRM_Record_Id__c: written,
      [this.object === 'lead' ? 'Lead__c' : 'Opportunity__c']: written,
      Received_State__c: writeState(finishInbound(plan, after)),
    });
    return plan;
  }

  private async write(target: SharedObject | 'sync', fields: CrmWriteFields): Promise<string> {
    const { ACE_Id__c: _key, ...others } = fields;
    const outcome = await this.crm.write(target, { externalId: 'ACE_Id__c', value: aceIds[this.object] }, others);
    assert.equal(outcome.kind, 'written', JSON.stringify(outcome));
    return outcome.kind === 'written' ? outcome.id : '';
  }

  async due(): Promise<OutboundPlan> {
    const linked = await this.look();
    const stamp = this.stamp(linked);
    const sent = readSentState(linked.row?.fields.Sent_State__c, stamp).state;
    const plan = await planOutbound({
      mapping: defaultMapping,
      object: this.object,
      linked,
      sent,
      received: readReceivedState(linked.row?.fields.Received_State__c, stamp).state,
      hash,
      stamp,
      payloadVersion: 2,
      programme: 'consulting',
      today,
      intentFields: null,
    });
    if (Object.keys(plan.baseline).length > 0) {
      const state = withBaseline(sent ?? emptySentState(stamp), plan.baseline);
      await this.write('sync', { Sent_State__c: writeState(state) });
    }
    return plan;
  }
}

const writesOf = (plan: InboundPlan) => plan.decisions.filter((decision) => decision.writes).map(({ path }) => path);
const later = (minute: number): string => `2026-03-01T11:${String(minute).padStart(2, '0')}:00.000Z`;

test('what came from ACE through a real org is neither written nor sent again', async () => {
  const org = await preparedOrg();
  const through = new Through(org, 'opportunity');
  const record = {
    partnerAcceptanceStatus: 'Accepted',
    country: 'Germany',
    partnerProjectTitle: '  A title\twith blanks  ',
  };
  const created = await through.receive(awsReferral(record));
  assert.equal(created.outcome, 'apply');
  assert.deepEqual(Object.keys((await through.due()).payload ?? {}), [
    'apnCrmUniqueIdentifier',
    'partnerCrmUniqueIdentifier',
  ]);
  const again = await through.receive(awsReferral({ ...record, lastModifiedDate: later(1) }));
  assert.deepEqual(writesOf(again), []);
  assert.equal(again.outcome, 'unchanged');
  const changed = {
    ...record,
    acceptBy: '2026-03-12T00:00:00.000Z',
    expectedMonthlyAwsRevenue: 2000.5,
    salesActivities: 'Conducted POC / Demo;SOW Signed',
    apnReviewerComments: 'Line one\nLine two ',
  };
  assert.equal((await through.receive(awsReferral({ ...changed, lastModifiedDate: later(2) }))).outcome, 'apply');
  assert.deepEqual(writesOf(await through.receive(awsReferral({ ...changed, lastModifiedDate: later(3) }))), []);
  assert.deepEqual(Object.keys((await through.due()).payload ?? {}), [
    'apnCrmUniqueIdentifier',
    'partnerCrmUniqueIdentifier',
  ]);
});

test('a change of a person in a real org is due, and that alone', async () => {
  const org = await preparedOrg();
  const through = new Through(org, 'opportunity');
  await through.receive(awsReferral({ partnerAcceptanceStatus: 'Accepted', country: 'Germany' }));
  const id = (await through.look()).record?.id ?? assert.fail();
  await through.crm.write('opportunity', { id }, { CloseDate: '2027-01-31' });
  const plan = await through.due();
  assert.deepEqual(plan.payload, {
    apnCrmUniqueIdentifier: aceIds.opportunity,
    partnerCrmUniqueIdentifier: id,
    targetCloseDate: '2027-01-31',
  });
});

test('a lead shows the person once AWS does, through a real org', async () => {
  const org = await preparedOrg();
  const through = new Through(org, 'lead');
  await through.receive(aceLead());
  const shown = {
    currentLeadStage: 'Accepted',
    fullName: 'Maria Doe',
    company: 'Example GmbH',
    email: 'Maria@Example.com',
    phone: '(030) 123',
  };
  await through.receive(aceLead({ ...shown, lastModifiedDate: later(1) }));
  const { record } = await through.look();
  assert.equal(record?.fields.LastName, 'Doe');
  assert.equal(record?.fields.Company, 'Example GmbH');
  assert.deepEqual(writesOf(await through.receive(aceLead({ ...shown, lastModifiedDate: later(2) }))), []);
  assert.deepEqual(Object.keys((await through.due()).payload ?? {}), ['apnCrmUniqueIdentifier', 'partnerCrmLeadId']);
});

test('an older export never overwrites a newer one in a real org', async () => {
  const org = await preparedOrg();
  const through = new Through(org, 'opportunity');
  await through.receive(awsReferral());
  await through.receive(awsReferral({ nextStep: 'Newer', lastModifiedDate: later(9) }));
  assert.equal(
    (await through.receive(awsReferral({ nextStep: 'Older', lastModifiedDate: later(5) }))).outcome,
    'superseded',
  );
  assert.equal((await through.look()).row?.fields.AWS_Next_Step__c, 'Newer');
});

test('a partner referral that is linked for the first time writes nothing to its opportunity', async () => {
  const org = await preparedOrg();
  const through = new Through(org, 'opportunity');
  const { crm } = through;
  const made = await crm.write(
    'opportunity',
    { externalId: 'ACE_Id__c', value: aceIds.opportunity },
    {
      Name: 'Our own name',
      StageName: 'Negotiation/Review',
      CloseDate: '2026-12-31',
    },
  );
  assert.equal(made.kind, 'written');
  const plan = await through.receive(
    aceOpportunity({ partnerCrmUniqueIdentifier: made.kind === 'written' ? made.id : '' }),
  );
  assert.deepEqual(Object.keys(plan.recordWrites).sort(), ['ACE_Id__c', 'ACE_Last_Modified__c']);
  assert.equal((await through.due()).decision, 'nothing');
});
