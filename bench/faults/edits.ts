import { markedAmount, markedDate, markedText, personal, type Writer } from './marks.ts';
import type { Step } from './plan-day.ts';

/** What either side writes into a record: values that say who wrote them and when, with planted persons among them. */

type Values = Readonly<Record<string, unknown>>;
type Edit = (by: Writer, number: number) => Values;

export const awsEdits: Readonly<Record<'opportunity' | 'lead', readonly Edit[]>> = {
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

export const crmEdits: Readonly<Record<'Opportunity' | 'Lead', readonly Edit[]>> = {
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

export function drawn(edits: readonly Edit[], step: Step, by: Writer, number: number): Record<string, unknown> {
  const edit = edits[step.field % edits.length];
  if (edit === undefined) throw new Error('There is no such edit.');
  return { ...edit(by, number) };
}
