import { setTimeout as delay } from 'node:timers/promises';
import { unsharedOpportunities } from '../../src/sandbox/crm-seed-data.ts';
import { markedAmount, markedDate, markedText, type Numbers, personal, type Writer } from './marks.ts';
import type { Day, PlannedRecord, Step } from './plan-day.ts';
import type { Stage } from './stage.ts';

/** What AWS's people, sales and the alliance manager do to records over the day, as the plan has drawn it. */
export interface People {
  /** Resolves at the end of the day. Steps whose record is not there yet are tried again a little later. */
  work(milliseconds: number): Promise<void>;
  /** Steps done so far: each is one record event. */
  done(): number;
  /** Steps whose record never came to the point where they can be taken, such as an edit of a record not exported yet. */
  skipped(): number;
}

type Outcome = 'done' | 'notYet';
type Values = Readonly<Record<string, unknown>>;

interface KnownIds {
  aceId: string | null;
  crmId: string | null;
}

const retryAfter = 0.04;

export function createPeople(stage: Stage, day: Day, numbers: Numbers): People {
  const { ace, administrator, standIn } = stage;
  const known = new Map<number, KnownIds>();
  const records = new Map(day.records.map((record) => [record.number, record]));
  let done = 0;
  let skipped = 0;

  const idsOf = (record: PlannedRecord): KnownIds => {
    const ids = known.get(record.number) ?? { aceId: null, crmId: null };
    known.set(record.number, ids);
    return ids;
  };

  const acts: Readonly<Record<Step['kind'], (step: Step, record: PlannedRecord) => Promise<Outcome>>> = {
    create,
    answer,
    editAtAws,
    editInCrm,
  };

  async function create(_: Step, record: PlannedRecord): Promise<Outcome> {
    const ids = idsOf(record);
    const number = numbers.next();
    if (record.kind === 'awsReferral') {
      const { aceId } = await ace.referOpportunity({
        acceptWithinHours: 10_000,
        fields: {
          partnerProjectTitle: `Referral ${markedText('aws', number)}`,
          projectDescription: `Asked for by ${personal.email(number)}, who wants to move ${markedText('aws', number)} within the year.`,
          nextStep: `Call ${markedText('aws', number)}`,
          customerFirstName: personal.firstName,
          customerLastName: personal.lastName(number),
          customerEmail: personal.email(number),
          customerPhone: personal.phone(number),
          targetCloseDate: markedDate('aws', number),
          expectedMonthlyAwsRevenue: markedAmount('aws', number),
        },
      });
      ids.aceId = aceId;
    } else if (record.kind === 'lead') {
      const { aceId } = await ace.referLead({
        fields: {
          fullName: `${personal.firstName} ${personal.lastName(number)}`,
          email: personal.email(number),
          phone: personal.phone(number),
          title: `Manager ${markedText('aws', number)}`,
          projectDescription: `Met ${personal.email(number)} at an event: ${markedText('aws', number)}.`,
        },
      });
      ids.aceId = aceId;
    } else {
      ids.crmId = await share(number, record);
    }
    return 'done';
  }

  /** Sales shares an opportunity: account, record, and the row that the quick action makes. */
  async function share(number: number, record: PlannedRecord): Promise<string> {
    const draft = unsharedOpportunities(new Date())[record.number % 7];
    if (draft === undefined) throw new Error('There is no draft to share.');
    const mark = markedText('crm', number);
    const account = { ...draft.account, Name: `${draft.account.Name} ${record.number}` };
    const AccountId = await administrator.create('Account', account);
    const crmId = await administrator.create('Opportunity', {
      ...draft.opportunity,
      AccountId,
      Name: `Project ${mark}`,
      Description: `${draft.opportunity.Description} Asked for by ${personal.email(number)}: ${mark}.`,
      NextStep: `Visit ${mark}`,
      CloseDate: markedDate('crm', number),
    });
    await administrator.create('ACE_Sync__c', {
      ...draft.details,
      Monthly_AWS_Revenue__c: markedAmount('crm', number),
      Opportunity__c: crmId,
      Action__c: 'Share',
    });
    return crmId;
  }

  async function answer(_: Step, record: PlannedRecord): Promise<Outcome> {
    const row = rowOf(record);
    if (row === null || row.Acceptance__c === 'Accepted' || recordIdOf(row) === null) return 'notYet';
    await administrator.update('ACE_Sync__c', String(row.Id), {
      Action__c: record.rejected ? 'Reject' : 'Accept',
      ...(record.rejected ? { Rejection_Reason__c: 'Unable to support' } : {}),
    });
    return 'done';
  }

  async function editAtAws(step: Step, record: PlannedRecord): Promise<Outcome> {
    const ids = idsOf(record);
    const id = ids.aceId ?? ids.crmId;
    if (id === null) return 'notYet';
    try {
      await ace.edit({
        id,
        fields: drawn(awsEdits[record.kind === 'lead' ? 'lead' : 'opportunity'], step, 'aws', numbers.next()),
      });
      return 'done';
    } catch (error) {
      if (error instanceof RangeError) return 'notYet';
      throw error;
    }
  }

  async function editInCrm(step: Step, record: PlannedRecord): Promise<Outcome> {
    const row = rowOf(record);
    const crmId = idsOf(record).crmId ?? (row === null ? null : recordIdOf(row));
    if (row === null || crmId === null) return 'notYet';
    const object = record.kind === 'lead' ? 'Lead' : 'Opportunity';
    const { row: ofRow, ...ofRecord } = drawn(crmEdits[object], step, 'crm', numbers.next()) as Values & {
      row?: Values;
    };
    if (ofRow !== undefined) await administrator.update('ACE_Sync__c', String(row.Id), ofRow);
    else await administrator.update(object, crmId, ofRecord);
    return 'done';
  }

  function rowOf(record: PlannedRecord): Values | null {
    const { aceId, crmId } = idsOf(record);
    const rows = standIn.administration.rows('ACE_Sync__c');
    const mine = (row: Values) => (crmId !== null ? row.Opportunity__c === crmId : row.ACE_Id__c === aceId);
    return rows.find((row) => row.IsDeleted !== true && mine(row)) ?? null;
  }

  return {
    async work(milliseconds) {
      const start = Date.now();
      const queue = [...day.steps];
      for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
        const wait = start + step.at * milliseconds - Date.now();
        if (wait > 0) await delay(wait);
        const record = records.get(step.record);
        if (record === undefined) continue;
        if ((await acts[step.kind](step, record)) === 'done') done += 1;
        else if (step.at + retryAfter > 1) skipped += 1;
        else {
          const later: Step = { ...step, at: step.at + retryAfter };
          const position = queue.findIndex((other) => other.at > later.at);
          queue.splice(position === -1 ? queue.length : position, 0, later);
        }
      }
      const rest = start + milliseconds - Date.now();
      if (rest > 0) await delay(rest);
    },
    done: () => done,
    skipped: () => skipped,
  };
}

const recordIdOf = (row: Values): string | null => {
  const id = row.Opportunity__c ?? row.Lead__c;
  return typeof id === 'string' ? id : null;
};

type Edit = (by: Writer, number: number) => Values;

const awsEdits: Readonly<Record<'opportunity' | 'lead', readonly Edit[]>> = {
  opportunity: [
    (by, number) => ({ nextStep: `Call ${markedText(by, number)}` }),
    (by, number) => ({ targetCloseDate: markedDate(by, number) }),
    (by, number) => ({ expectedMonthlyAwsRevenue: markedAmount(by, number) }),
    (by, number) => ({ partnerProjectTitle: `Referral ${markedText(by, number)}` }),
  ],
  lead: [
    (by, number) => ({ title: `Manager ${markedText(by, number)}` }),
    (by, number) => ({ projectDescription: `Wrote to ${personal.email(number)}: ${markedText(by, number)}.` }),
  ],
};

const crmEdits: Readonly<Record<'Opportunity' | 'Lead', readonly Edit[]>> = {
  Opportunity: [
    (by, number) => ({ NextStep: `Visit ${markedText(by, number)}` }),
    (by, number) => ({ CloseDate: markedDate(by, number) }),
    (by, number) => ({
      Description: `Meeting with ${personal.email(number)} and ${personal.phone(number)} about ${markedText(by, number)}.`,
    }),
    (by, number) => ({ Name: `Project ${markedText(by, number)}` }),
    (by, number) => ({ row: { Monthly_AWS_Revenue__c: markedAmount(by, number) } }),
  ],
  Lead: [
    (by, number) => ({ Title: `Director ${markedText(by, number)}` }),
    (by, number) => ({ Description: `Spoke to ${personal.email(number)}: ${markedText(by, number)}.` }),
  ],
};

function drawn(edits: readonly Edit[], step: Step, by: Writer, number: number): Record<string, unknown> {
  const edit = edits[step.field % edits.length];
  if (edit === undefined) throw new Error('There is no such edit.');
  return { ...edit(by, number) };
}
