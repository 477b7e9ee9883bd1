/**
 * Values that say who wrote them and in which order, so that the checker can tell from a value alone whose it is: texts
 * carry `aws-000017` or `crm-000017`, dates lie in a century of their own, amounts end in a digit of their own.
 */

export type Writer = 'aws' | 'crm';
export interface Mark {
  readonly by: Writer;
  readonly number: number;
}

const firstDay: Readonly<Record<Writer, number>> = { aws: Date.UTC(2040, 0, 1), crm: Date.UTC(2140, 0, 1) };
const lastDigit: Readonly<Record<Writer, number>> = { aws: 1, crm: 2 };
const dayMs = 24 * 60 * 60 * 1000;

export const markedText = (by: Writer, number: number): string => `${by}-${String(number).padStart(6, '0')}`;

export const markedDate = (by: Writer, number: number): string =>
  new Date(firstDay[by] + number * dayMs).toISOString().slice(0, 10);

export const markedAmount = (by: Writer, number: number): number => number * 10 + lastDigit[by];

/** Numbers of marks in the order in which values are written, which is not quite that of the plan. */
export interface Numbers {
  next(): number;
}

export function countFromOne(): Numbers {
  let last = 0;
  return {
    next() {
      last += 1;
      return last;
    },
  };
}

/** The mark of a value of either side; null for a value that nobody marked. */
export function markOf(value: unknown): Mark | null {
  if (typeof value === 'number') {
    const by = (['aws', 'crm'] as const).find((writer) => lastDigit[writer] === value % 10);
    return by === undefined ? null : { by, number: Math.floor(value / 10) };
  }
  if (typeof value !== 'string') return null;
  const text = /\b(aws|crm)-(\d{6})\b/.exec(value);
  if (text !== null) return { by: text[1] as Writer, number: Number(text[2]) };
  const day = /^\d{4}-\d{2}-\d{2}/.test(value) ? Date.parse(value.slice(0, 10)) : Number.NaN;
  if (day >= firstDay.crm) return { by: 'crm', number: Math.round((day - firstDay.crm) / dayMs) };
  if (day >= firstDay.aws) return { by: 'aws', number: Math.round((day - firstDay.aws) / dayMs) };
  return null;
}

/** Personal data that must never leave the records: whoever finds one of these texts elsewhere has found a leak. */
export const personal = {
  firstName: 'Zqmarka',
  lastName: (number: number) => `Zqmarkson${number}`,
  email: (number: number) => `zqmark${number}@people.example`,
  phone: (number: number) => `+1888555${String(number % 10_000).padStart(4, '0')}`,
} as const;

/** What the checker looks for, in any case. */
export const personalPatterns: readonly RegExp[] = [/zqmark/i, /\+?1888555\d{4}/];
