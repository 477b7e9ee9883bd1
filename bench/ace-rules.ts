/**
 * How fast the contract's check is, as a ratio to a bare zod parse of the same shape: the least that any validation costs.
 * Both run on the same machine in turns, so that the ratio holds where the absolute numbers do not.
 */

import { z } from 'zod';
import type { AceRecord, PayloadVersion } from '../src/ace/ace-record.ts';
import { type CheckInput, checkRecord } from '../src/ace/check.ts';
import { type FieldType, opportunityFields } from '../src/ace/fields.ts';

export interface AceRulesBench {
  /** Records that `checkRecord` checks in a second: full creates of payload version 2. */
  readonly checkedPerSecond: number;
  /** The same records through a zod object of the same fields and types, without any rule. */
  readonly zodPerSecond: number;
  /** How many times longer the check takes than the bare parse. */
  readonly ratio: number;
  /** Sparse updates of three fields, over the record that ACE holds. */
  readonly updatesPerSecond: number;
}

const today = '2026-11-20';
const version: PayloadVersion = 2;

function sample(index: number): AceRecord {
  return {
    partnerCrmUniqueIdentifier: `0065g00000${String(index).padStart(5, '0')}`,
    useCase: 'Containers & Serverless',
    targetCloseDate: '2027-03-31',
    projectDescription: `Moves order system ${index} of a wholesaler from its own data centre to containers.`,
    postalCode: '98101',
    partnerProjectTitle: `Order system ${index}`,
    partnerPrimaryNeedFromAws: 'Co-Sell - Technical Consultation;Co-Sell - Deal Support',
    industry: 'Wholesale & Distribution',
    expectedMonthlyAwsRevenue: 1_000 + index,
    deliveryModel: 'Managed Services;Professional Services',
    customerWebsite: 'https://www.example.com',
    customerCompanyName: 'Example Wholesale',
    country: 'United States',
    state: 'Washington',
    city: 'Seattle',
    IsOppFromMarketingActivity: 'No',
    salesActivities: 'Customer has shown interest in solution',
    solutionOffered: ['S-0012345'],
    customerEmail: 'ann.lee@example.com',
    customerFirstName: 'Ann',
    customerLastName: 'Lee',
    nextStep: 'Workshop on Tuesday',
    awsAccountId: '123456789012',
  };
}

const zodTypes: Readonly<Record<FieldType, z.ZodType>> = {
  text: z.string(),
  longText: z.string(),
  pick: z.string(),
  picks: z.string(),
  date: z.string(),
  dateTime: z.string(),
  email: z.string(),
  phone: z.string(),
  url: z.string(),
  money: z.number(),
  number: z.number(),
  array: z.array(z.string()),
};

const shape = z.object(
  Object.fromEntries(
    opportunityFields.flatMap(({ name, versions }) => {
      const type = versions[version]?.type;
      return type === undefined ? [] : [[name, zodTypes[type].nullish()] as const];
    }),
  ),
);

/** Runs for a while and gives calls per second. */
function rate(work: (index: number) => void, milliseconds: number): number {
  const start = performance.now();
  let calls = 0;
  while (performance.now() - start < milliseconds) {
    for (let index = 0; index < 500; index += 1) work(index);
    calls += 500;
  }
  return (calls / (performance.now() - start)) * 1_000;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Takes about three seconds. `milliseconds` is the length of one turn, of which there are five of each kind. */
export async function benchAceRules(milliseconds = 200): Promise<AceRulesBench> {
  const records = Array.from({ length: 500 }, (_, index) => sample(index));
  const base: Omit<CheckInput, 'record'> = {
    object: 'opportunity',
    version,
    programme: 'consulting',
    intent: 'create',
    today,
  };
  const creates = records.map((record): CheckInput => ({ ...base, record }));
  const updates = records.map(
    (record, index): CheckInput => ({
      ...base,
      intent: 'update',
      record: { apnCrmUniqueIdentifier: 'O4711001', nextStep: `Call ${index}`, stage: 'Technical Validation' },
      stored: {
        ...record,
        apnCrmUniqueIdentifier: 'O4711001',
        opportunityOwnership: 'Partner Referral',
        status: 'Approved',
        stage: 'Qualified',
      },
    }),
  );
  const check = (inputs: readonly CheckInput[]) => (index: number) => {
    const input = inputs[index];
    // The bench is worth nothing when the records are not taken.
    if (input !== undefined && checkRecord(input).length > 0) throw new Error('expected records without problems');
  };
  const parse = (index: number): void => void shape.parse(records[index]);

  const turns = { checked: [] as number[], zod: [] as number[], updated: [] as number[] };
  for (let turn = 0; turn < 6; turn += 1) {
    const checked = rate(check(creates), milliseconds);
    const zod = rate(parse, milliseconds);
    const updated = rate(check(updates), milliseconds);
    // The first turn warms the compiler up.
    if (turn === 0) continue;
    turns.checked.push(checked);
    turns.zod.push(zod);
    turns.updated.push(updated);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const checkedPerSecond = median(turns.checked);
  const zodPerSecond = median(turns.zod);
  return {
    checkedPerSecond,
    zodPerSecond,
    ratio: zodPerSecond / checkedPerSecond,
    updatesPerSecond: median(turns.updated),
  };
}

if (import.meta.main) {
  const { checkedPerSecond, zodPerSecond, ratio, updatesPerSecond } = await benchAceRules();
  console.log(`check          ${Math.round(checkedPerSecond)} records/s`);
  console.log(`bare zod parse ${Math.round(zodPerSecond)} records/s`);
  console.log(`ratio          ${ratio.toFixed(1)}`);
  console.log(`sparse updates ${Math.round(updatesPerSecond)} records/s`);
}
