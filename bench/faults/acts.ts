import { unsharedOpportunities } from '../../src/sandbox/crm-seed-data.ts';
import { awsEdits, crmEdits, drawn } from './edits.ts';
import { createLifeActs } from './life-acts.ts';
import { markedAmount, markedDate, markedText, type Numbers, personal } from './marks.ts';
import type { PlannedRecord, Step, StepKind } from './plan-day.ts';
import type { Stage } from './stage.ts';

/** `notYet`: try again later. `never`: the record is gone from where this could be done. */
export type Outcome = 'done' | 'notYet' | 'never';
export type Act = (step: Step, record: PlannedRecord) => Promise<Outcome>;
export type Values = Readonly<Record<string, unknown>>;

interface KnownIds {
  aceId: string | null;
  crmId: string | null;
}

/** Where a planned record is in the CRM right now. */
export interface Place {
  readonly object: 'Opportunity' | 'Lead';
  readonly crmId: string;
  readonly record: Values;
  readonly row: Values;
}

/** What people press on a row, by what it says. */
const presses: Readonly<Record<string, readonly string[]>> = {
  Conflict: ['Keep ours', "Take AWS's"],
  Held: ['Retry'],
  'Needs data': ['Retry'],
  'Needs attention': ['Retry'],
  Synced: ['Send now'],
};

export function createActs(stage: Stage, numbers: Numbers): Readonly<Record<StepKind, Act>> {
  const { ace, administrator, standIn } = stage;
  const known = new Map<number, KnownIds>();

  const idsOf = (record: PlannedRecord): KnownIds => {
    const ids = known.get(record.number) ?? { aceId: null, crmId: null };
    known.set(record.number, ids);
    return ids;
  };

  function rowOf(record: PlannedRecord): Values | null {
    const { aceId, crmId } = idsOf(record);
    const rows = standIn.administration.rows('ACE_Sync__c');
    const mine = (row: Values) => (crmId !== null ? row.Opportunity__c === crmId : row.ACE_Id__c === aceId);
    return rows.find((row) => row.IsDeleted !== true && mine(row)) ?? null;
  }

  function placeOf(planned: PlannedRecord): Place | null {
    const row = rowOf(planned);
    const crmId = idsOf(planned).crmId ?? (row === null ? null : recordIdOf(row));
    const record = crmId === null ? null : standIn.administration.read(crmId);
    if (row === null || crmId === null || record === null) return null;
    return { object: planned.kind === 'lead' ? 'Lead' : 'Opportunity', crmId, record, row };
  }

  const setAction = (row: Values, values: Values) => administrator.update('ACE_Sync__c', String(row.Id), values);

  const create: Act = async (_, record) => {
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
  };

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

  const answer: Act = async (_, record) => {
    const row = rowOf(record);
    if (row === null || row.Acceptance__c === 'Accepted' || recordIdOf(row) === null) return 'notYet';
    await setAction(row, {
      Action__c: record.rejected ? 'Reject' : 'Accept',
      ...(record.rejected ? { Rejection_Reason__c: 'Unable to support' } : {}),
    });
    return 'done';
  };

  const editAtAws: Act = async (step, record) => {
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
  };

  const editInCrm: Act = async (step, planned) => {
    const place = placeOf(planned);
    if (place === null) return 'notYet';
    const { object, crmId, record, row } = place;
    if (record.IsDeleted === true || record.IsConverted === true) return 'notYet';
    const { row: ofRow, ...ofRecord } = drawn(crmEdits[object], step, 'crm', numbers.next()) as Values & {
      row?: Values;
    };
    if (ofRow !== undefined) await administrator.update('ACE_Sync__c', String(row.Id), ofRow);
    else await administrator.update(object, crmId, ofRecord);
    return 'done';
  };

  const press: Act = async (step, record) => {
    const row = rowOf(record);
    const choices = presses[String(row?.Status__c)];
    if (row === null || row.Action__c || choices === undefined) return 'notYet';
    await setAction(row, { Action__c: choices[step.field % choices.length] });
    return 'done';
  };

  const stop: Act = async (_, record) => {
    const row = rowOf(record);
    if (row === null || row.Action__c || recordIdOf(row) === null) return 'notYet';
    await setAction(row, { Action__c: 'Stop' });
    return 'done';
  };

  const resume: Act = async (_, record) => {
    const row = rowOf(record);
    if (row === null || row.Action__c || row.Status__c !== 'Stopped') return 'notYet';
    await setAction(row, { Action__c: 'Resume' });
    return 'done';
  };

  return {
    ...{ create, answer, editAtAws, editInCrm, press, stop, resume },
    ...createLifeActs(stage, numbers, placeOf),
  };
}

const recordIdOf = (row: Values): string | null => {
  const id = row.Opportunity__c ?? row.Lead__c;
  return typeof id === 'string' ? id : null;
};
