import type { Chance } from '../../src/sandbox/ace/random.ts';
import type { SwitchChanges } from '../../src/sandbox/ace/switches.ts';
import type { FaultEffect } from '../../src/sandbox/salesforce/index.ts';
import { personal } from './marks.ts';

/** What can go wrong for a while, as a table: each trouble begins, lasts, and ends. */

export type S3Fault = NonNullable<SwitchChanges['faults']>[number];

export type Trouble =
  | { readonly kind: 's3'; readonly fault: S3Fault }
  | { readonly kind: 'ace'; readonly switches: SwitchChanges }
  /** Exports under one name, overwritten while they wait. */
  | { readonly kind: 'constantName' }
  /** An exported file that breaks off in the middle of a person's data. */
  | { readonly kind: 'brokenFile' }
  /** The next calls of the sync to the CRM meet the effect. */
  | { readonly kind: 'crm'; readonly effect: FaultEffect; readonly times: number }
  | { readonly kind: 'rowLock'; readonly object: string; readonly times: number }
  /** A refusal whose text quotes a person's data, as Salesforce's do. */
  | { readonly kind: 'rowRefusal'; readonly object: string }
  /** The org's calls of the day are nearly used up by somebody else. */
  | { readonly kind: 'apiBudget' }
  /** A clock jumps, as seen from the others: the org's or ACE's ahead, a worker's either way. */
  | { readonly kind: 'crmClock'; readonly milliseconds: number }
  | { readonly kind: 'aceClock'; readonly minutes: number }
  | { readonly kind: 'workerClock'; readonly worker: number; readonly milliseconds: number }
  /** Every connection of the workers to Temporal is cut, and refused for a while. */
  | { readonly kind: 'temporalCut' }
  | { readonly kind: 'lateVisibility'; readonly object: string; readonly milliseconds: number };

const objects = ['Opportunity', 'Lead', 'ACE_Sync__c'] as const;

const s3 = (fault: S3Fault): Trouble => ({ kind: 's3', fault });
const ace = (switches: SwitchChanges): Trouble => ({ kind: 'ace', switches });

export const s3Troubles: readonly Trouble[] = [
  s3({ effect: 'unavailable', share: 0.3 }),
  s3({ effect: 'slowDown', share: 0.3 }),
  s3({ effect: 'slow', share: 0.3, delayMs: 1_500 }),
  s3({ effect: 'reset', share: 0.3 }),
  s3({ effect: 'loseAnswer', methods: ['PUT'], share: 0.7 }),
  s3({ effect: 'loseAnswer', methods: ['DELETE'], share: 0.7 }),
  s3({ effect: 'loseAnswer', share: 0.2 }),
  s3({ effect: 'accessDenied', contains: 'inbound/' }),
  s3({ effect: 'accessDenied', contains: 'outbound/', share: 0.5 }),
  s3({ effect: 'accessDenied', contains: 'processed-results/', share: 0.5 }),
  s3({ effect: 'kmsDenied', methods: ['GET'], share: 0.5 }),
  ace({ accessDenied: true }),
];

export const aceTroubles: readonly Trouble[] = [
  ace({ resultDelivery: 'lost' }),
  ace({ resultDelivery: 'archivedOnly' }),
  ace({ resultDelivery: 'late', resultDelayMinutes: 40 }),
  ace({ resultDelivery: 'twice', resultDelayMinutes: 20 }),
  ace({ resultDelivery: 'forAnotherFile' }),
  ace({ duplicateName: 'errorOverResult' }),
  ace({ staleExportMinutes: 45 }),
  ace({ exportBeforeResult: true }),
  ace({ approveBeforeRefusal: true }),
  ace({ inboundPaused: true }),
  ace({ recordsPerFile: 1 }),
  ace({ recordsPerFile: 50 }),
  ace({ actionRequiredShare: 0.3 }),
  { kind: 'constantName' },
  { kind: 'brokenFile' },
];

const seconds = (count: number) => count * 1_000;
const minutes = (count: number) => seconds(count * 60);

/** How far a worker's clock is off: by what time synchronization corrects, and by what it refuses to. */
const offsets = [
  seconds(-2),
  seconds(3),
  seconds(-40),
  seconds(45),
  minutes(-10),
  minutes(12),
  minutes(-90),
  minutes(90),
];

export function clockTrouble(chance: Chance, number: number): Trouble {
  const draw = chance.whole(0, 5, 'clock trouble', number);
  if (draw === 0) return { kind: 'crmClock', milliseconds: chance.whole(seconds(1), minutes(1), 'clock', number) };
  if (draw === 1) return { kind: 'aceClock', minutes: chance.whole(1, 90, 'clock', number) };
  if (draw === 2) return { kind: 'temporalCut' };
  const worker = chance.whole(0, 1, 'clock of', number);
  return { kind: 'workerClock', worker, milliseconds: chance.oneOf(offsets, 'offset', number) };
}

export function crmTrouble(chance: Chance, number: number): Trouble {
  const draw = chance.whole(0, 13, 'crm trouble', number);
  const times = chance.whole(1, 4, 'times', number);
  const object = chance.oneOf(objects, 'object', number);
  const effects: readonly FaultEffect[] = [
    { kind: 'unavailable', retryAfterSeconds: 1 },
    { kind: 'tooManyRequests', retryAfterSeconds: 1 },
    { kind: 'html', status: 503 },
    { kind: 'expireToken' },
    { kind: 'resetConnection' },
    { kind: 'hang' },
    { kind: 'slow', milliseconds: 3_000 },
    { kind: 'cutBody', afterBytes: 40 },
    { kind: 'loseAnswer' },
    { kind: 'commitLate', milliseconds: chance.whole(500, 9_000, 'late', number) },
  ];
  const effect = effects[draw];
  if (effect !== undefined) return { kind: 'crm', effect, times: effect.kind === 'hang' ? 1 : times };
  if (draw === 10) return { kind: 'rowLock', object, times: times * 2 };
  if (draw === 11) return { kind: 'rowRefusal', object: chance.oneOf(['Opportunity', 'Lead'], 'refusal', number) };
  if (draw === 12) return { kind: 'apiBudget' };
  return { kind: 'lateVisibility', object, milliseconds: chance.whole(1_000, 8_000, 'visible', number) };
}

/** A file that was cut short: what a parser says of it may quote it. */
export const brokenFile = (number: number): string =>
  `{ "opportunities": [ { "customerEmail": "${personal.email(number)}", "customerPhone": ${personal.phone(number)}`;

/** What Salesforce says when a value is too long: with the value. */
export const refusalText = (number: number): string =>
  `Description: data value too large: ${personal.email(number)} ${personal.phone(number)} (max length=10)`;
