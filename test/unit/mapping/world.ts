import { readFileSync } from 'node:fs';
import type { AceRecord } from '../../../src/ace/ace-record.ts';
import { identityFields } from '../../../src/ace/identity.ts';
import type { CrmFields, CrmValue, Linked, SharedObject } from '../../../src/crm/crm.ts';
import { loadMapping, type Mapping } from '../../../src/mapping/compile.ts';
import { finishInbound, type InboundPlan, planInbound } from '../../../src/mapping/inbound.ts';
import { createKeyedHasher } from '../../../src/mapping/keyed-hasher.ts';
import { type AcceptanceIntent, type OutboundPlan, planOutbound } from '../../../src/mapping/outbound.ts';
import {
  emptySentState,
  type ReceivedState,
  readReceivedState,
  readSentState,
  type Send,
  type SentState,
  type Stamp,
  withAcceptedSend,
  withBaseline,
  withSend,
  writeState,
} from '../../../src/mapping/sync-state.ts';

export const defaultMappingText = readFileSync(
  new URL('../../../mappings/salesforce-default.yaml', import.meta.url),
  'utf8',
);
export const defaultMapping: Mapping = loadMapping(defaultMappingText);
export const hash = createKeyedHasher(Buffer.alloc(32, 7));
export const crmId = '006000000000001AAA';
export const aceIds: Readonly<Record<SharedObject, string>> = { opportunity: 'O1234567', lead: 'L7654321' };
export const now = '2026-03-02T09:00:00.000Z';
export const today = '2026-03-02';
export const plusMinutes = (time: string, minutes: number): string =>
  new Date(Date.parse(time) + minutes * 60_000).toISOString();

/** One record in a CRM of its own: what the CRM does to written values is `normalise`. */
export class World {
  mapping: Mapping;
  readonly object: SharedObject;
  linked: Linked;
  sent: SentState | null = null;
  received: ReceivedState | null = null;
  inFlight: Send | null = null;
  clock = '2026-03-01T10:00:00.000Z';
  writtenByUs = false;
  mode: 'observe' | 'match' | 'live' = 'live';
  normalise: (value: CrmValue) => CrmValue = (value) => (typeof value === 'string' ? value.trim() : value);

  constructor(object: SharedObject, mapping: Mapping = defaultMapping) {
    this.object = object;
    this.mapping = mapping;
    this.linked = { record: null, row: null };
  }

  get stamp(): Stamp {
    return {
      connection: 'main',
      environment: 'beta',
      spmsId: '123456',
      orgId: '00D000000000001',
      installation: 'one',
      recordId: this.linked.record?.id ?? null,
      aceId: this.linked.record?.aceId ?? this.linked.row?.aceId ?? null,
    };
  }

  /** A record that is in the CRM already. */
  link(fields: CrmFields, row: CrmFields = {}, aceId: string | null = aceIds[this.object]): this {
    this.linked = {
      record: {
        id: crmId,
        object: this.object,
        fields,
        aceId,
        aceLastModified: null,
        systemModstamp: now,
        deleted: false,
        mergedInto: null,
        converted: null,
      },
      row: { id: 'a00000000000001AAA', aceId, crmId, fields: row, systemModstamp: now },
    };
    return this;
  }

  /** A person edits the record or its companion row (`ACE_Sync__r.…`). */
  edit(values: CrmFields): this {
    const { record, row } = this.linked;
    const rowValues = Object.entries(values).filter(([path]) => path.startsWith('ACE_Sync__r.'));
    const own = Object.entries(values).filter(([path]) => !path.startsWith('ACE_Sync__r.'));
    this.linked = {
      record: record && { ...record, fields: { ...record.fields, ...Object.fromEntries(own) } },
      row: row && {
        ...row,
        fields: { ...row.fields, ...Object.fromEntries(rowValues.map(([path, value]) => [path.slice(12), value])) },
      },
    };
    return this;
  }

  field(path: string): CrmValue {
    const value = path.startsWith('ACE_Sync__r.')
      ? this.linked.row?.fields[path.slice(12)]
      : this.linked.record?.fields[path];
    return value ?? null;
  }

  plan(aceRecord: AceRecord, file: { key?: string; lastModified?: string } = {}): Promise<InboundPlan> {
    return planInbound({
      mapping: this.mapping,
      object: this.object,
      aceRecord,
      linked: this.linked,
      sent: this.sent,
      received: this.received,
      inFlight: this.inFlight,
      writtenByUs: this.writtenByUs,
      hash,
      fileKey: file.key ?? `${this.object}-outbound/${String(aceRecord.lastModifiedDate)}.json`,
      fileLastModified: file.lastModified ?? String(aceRecord.lastModifiedDate),
      stamp: this.stamp,
      mode: this.mode,
      now,
    });
  }

  /** Processes an export as the activity does: plan, write, read back, keep the received state. */
  async receive(aceRecord: AceRecord, file: { key?: string; lastModified?: string } = {}): Promise<InboundPlan> {
    const plan = await this.plan(aceRecord, file);
    if (Object.keys(plan.recordWrites).length > 0) this.write(plan);
    if (plan.finish !== null || Object.keys(plan.rowWrites).length > 0) this.writeRow(plan.rowWrites, plan.aceId);
    if (plan.finish !== null) {
      const text = writeState(finishInbound(plan, this.linked));
      this.received = readReceivedState(text, this.stamp).state;
    }
    return plan;
  }

  /** The activity is killed between the record and its row. */
  async receiveRecordOnly(aceRecord: AceRecord): Promise<void> {
    this.write(await this.plan(aceRecord));
    this.writtenByUs = true;
  }

  private write(plan: InboundPlan): void {
    const { record } = this.linked;
    const values = Object.entries(plan.recordWrites).map(([name, value]) => {
      const scalar = typeof value === 'object' && value !== null ? `related:${value.value}` : value;
      return [name, this.normalise(scalar)] as const;
    });
    const fields = { ...record?.fields, ...Object.fromEntries(values) };
    const aceLastModified = String(plan.recordWrites.ACE_Last_Modified__c);
    this.linked = {
      ...this.linked,
      record:
        record === null
          ? {
              id: crmId,
              object: this.object,
              fields,
              aceId: plan.aceId,
              aceLastModified,
              systemModstamp: now,
              deleted: false,
              mergedInto: null,
              converted: null,
            }
          : { ...record, fields, aceId: plan.aceId, aceLastModified },
    };
  }

  private writeRow(values: CrmFields, aceId: string | null): void {
    const { row, record } = this.linked;
    const written = Object.entries(values).map(([name, value]) => [name, this.normalise(value)] as const);
    this.linked = {
      ...this.linked,
      row: {
        id: row?.id ?? 'a00000000000001AAA',
        aceId: row?.aceId ?? aceId,
        crmId: record?.id ?? row?.crmId ?? null,
        fields: { ...row?.fields, ...Object.fromEntries(written) },
        systemModstamp: now,
      },
    };
  }

  due(intentFields: AcceptanceIntent | null = null, version: 1 | 2 = 2): Promise<OutboundPlan> {
    return planOutbound({
      mapping: this.mapping,
      object: this.object,
      linked: this.linked,
      sent: this.sent,
      received: this.received,
      hash,
      stamp: this.stamp,
      payloadVersion: version,
      programme: 'consulting',
      today,
      now,
      intentFields,
    });
  }

  /** Sends what is due, and has ACE accept it now; a create gets its ACE id. */
  async upload(intentFields: AcceptanceIntent | null = null): Promise<OutboundPlan> {
    const plan = await this.due(intentFields);
    const before = withBaseline(this.sent ?? emptySentState(this.stamp), plan.baseline);
    this.sent = before;
    if (plan.decision !== 'send') return plan;
    this.clock = plusMinutes(this.clock, 5);
    const send: Send = {
      name: `file-${before.count + 1}.json`,
      sha: 'sha',
      at: this.clock,
      kind: plan.kind,
      fields: { ...plan.fields },
    };
    const waiting = withSend({ ...before, partnerId: before.partnerId ?? plan.partnerId }, send);
    this.clock = plusMinutes(this.clock, 5);
    const result = { name: send.name, at: this.clock, class: 'accepted', code: 'ACCEPTED' };
    this.sent = { ...withAcceptedSend(waiting, send, this.clock), lastResult: result };
    const { record } = this.linked;
    if (plan.kind === 'create' && record !== null) {
      this.linked = { ...this.linked, record: { ...record, aceId: aceIds[this.object] } };
    }
    this.sent = readSentState(writeState(this.sent), this.stamp).state;
    return plan;
  }

  /** The time of the next ACE version. */
  tick(minutes = 60): string {
    this.clock = plusMinutes(this.clock, minutes);
    return this.clock;
  }
}

/** The opportunity's primary contact, by the paths of the shipped mapping. */
export const primaryContact = (fields: CrmFields): CrmFields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [`OpportunityContactRoles[IsPrimary].Contact.${name}`, value]),
  );

/** An approved partner referral as ACE exports it. */
export function aceOpportunity(overrides: AceRecord = {}): AceRecord {
  return {
    [identityFields.opportunity.ace]: aceIds.opportunity,
    partnerCrmUniqueIdentifier: crmId,
    opportunityOwnership: 'Partner Referral',
    status: 'Approved',
    stage: 'Qualified',
    partnerAcceptanceStatus: null,
    acceptBy: null,
    partnerProjectTitle: 'Warehouse move',
    projectDescription: 'Moves the data warehouse to the cloud.',
    targetCloseDate: '2026-06-30',
    nextStep: 'Call',
    customerCompanyName: 'Example GmbH',
    customerWebsite: 'https://example.com',
    industry: 'Retail',
    country: 'Germany',
    postalCode: '10115',
    state: null,
    city: 'Berlin',
    streetAddress: 'Allee 1',
    useCase: 'Migration / Database Migration',
    deliveryModel: 'SaaS or PaaS;Managed Services',
    partnerPrimaryNeedFromAws: 'Co-Sell - Deal Support',
    salesActivities: 'Conducted POC / Demo',
    IsOppFromMarketingActivity: 'No',
    solutionOffered: ['S-0000001'],
    otherSolutionOffered: null,
    expectedMonthlyAwsRevenue: 1041,
    closedLostReason: null,
    apnReviewerComments: null,
    aWSAccountOwnerName: 'Alex Example',
    aWSAccountOwnerEmail: 'alex@example.com',
    aWSSalesRepName: 'Sam Example',
    aWSSalesRepEmail: 'sam@example.com',
    lastModifiedDate: '2026-03-01T10:00:00.000Z',
    ...overrides,
  };
}

/** An AWS referral that waits for its acceptance: the customer's people are hidden. */
export function awsReferral(overrides: AceRecord = {}): AceRecord {
  return aceOpportunity({
    partnerCrmUniqueIdentifier: null,
    opportunityOwnership: 'AWS Referral',
    status: null,
    stage: 'Prospect',
    acceptBy: '2026-03-10T00:00:00.000Z',
    country: 'Accept To View',
    customerFirstName: 'Accept To View',
    customerLastName: 'accept to view',
    customerEmail: 'Accept to View',
    solutionOffered: null,
    aWSAccountOwnerName: null,
    aWSSalesRepName: null,
    ...overrides,
  });
}

/** A lead that waits for its acceptance. */
export function aceLead(overrides: AceRecord = {}): AceRecord {
  return {
    apnCrmUniqueIdentifier: aceIds.lead,
    partnerCrmLeadId: null,
    currentLeadStage: null,
    status: 'Open',
    fullName: 'Accept To View',
    company: 'Accept To View',
    email: 'Accept To View',
    phone: 'Accept To View',
    title: 'Accept To View',
    streetAddress: 'Accept To View',
    city: 'Accept To View',
    state: 'Accept To View',
    postalCode: 'Accept To View',
    country: 'Accept To View',
    website: null,
    projectDescription: null,
    useCaseWorkload: 'Big Data;Content Delivery',
    campaignMemberStatus: 'Attended;Registered',
    lastModifiedDate: '2026-03-01T10:00:00.000Z',
    ...overrides,
  };
}

/** A CRM opportunity ready to be shared. */
export const crmOpportunity: CrmFields = {
  Name: 'Warehouse move',
  Description: 'Moves the data warehouse to the cloud.',
  CloseDate: '2026-06-30',
  StageName: 'Qualification',
  NextStep: 'Call',
  'Account.Name': 'Example GmbH',
  'Account.Website': 'https://example.com',
  'Account.Industry': 'Retail',
  'Account.BillingStreet': 'Allee 1',
  'Account.BillingCity': 'Berlin',
  'Account.BillingState': null,
  'Account.BillingPostalCode': '10115',
  'Account.BillingCountry': 'DE',
};
export const crmRow: CrmFields = {
  Shared__c: true,
  Use_Case__c: 'Migration / Database Migration',
  Delivery_Model__c: 'Managed Services;SaaS or PaaS',
  Need_From_AWS__c: 'Co-Sell - Deal Support',
  Sales_Activities__c: 'Conducted POC / Demo',
  From_Marketing__c: 'No',
  Solution_Offered__c: 'S-0000001',
  Monthly_AWS_Revenue__c: 1041,
};
