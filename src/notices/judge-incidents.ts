import { catalogue, type ErrorCode } from '../errors.ts';
import { type Condition, condition, type EvidencePart } from './condition.ts';
import { duration } from './duration.ts';
import type { Evidence, FailingGroup } from './evidence.ts';
import type { Judgement } from './judge-evidence.ts';

/** Faults of the connection often pass within a few retries; what lasts longer is worth a message. */
const passingFault = 5 * 60_000;
/** The budget is slow at the end of many days without harm. */
const slowBudgetAfter = 60 * 60_000;

/** Faults of the whole connection: the state that each is told as, and the evidence that shows its end. */
const faults: Readonly<Partial<Record<ErrorCode, { readonly key: string; readonly part: EvidencePart }>>> = {
  BUCKET_ACCESS_DENIED: { key: 'bucket:fault', part: 'bucket' },
  BUCKET_UNAVAILABLE: { key: 'bucket:fault', part: 'bucket' },
  JOURNAL_UNAVAILABLE: { key: 'journal:away', part: 'journal' },
  CRM_UNAVAILABLE: { key: 'crm:CRM_UNAVAILABLE', part: 'connection' },
  CRM_LOGIN_REFUSED: { key: 'crm:CRM_LOGIN_REFUSED', part: 'connection' },
  CRM_LIMIT_REACHED: { key: 'crm:CRM_LIMIT_REACHED', part: 'connection' },
  CRM_SCHEMA: { key: 'crm:CRM_SCHEMA', part: 'connection' },
  CRM_ORG_DIFFERS: { key: 'crm:CRM_ORG_DIFFERS', part: 'connection' },
};

/** What waits for these was decided by a person, who is asked about it when it lasts. */
const decided = new Set<string>(['CONNECTION_HELD', 'MODE_SENDS_NOTHING'] satisfies ErrorCode[]);

/** What an incident brings with it: told, it would be a second notice of the same. */
const symptoms = /^(unsettled:|waiting:|silence$|held:upload:ACE_ID_DIFFERS$)/;

/** One incident, one notice, with what waits and what will happen (design.md, rule 11). */
export function judgeIncidents(evidence: Evidence, judgement: Judgement): readonly Condition[] {
  return [...judgeFaults(evidence, judgement), ...judgeHold(evidence, judgement), ...judgeBudget(evidence)];
}

/** Steps that fail in a loop for a reason of their own, and not because the connection waits. */
export function ownLoops(evidence: Evidence): readonly FailingGroup[] {
  const known = new Set<string>(knownFaults(evidence).map(({ code }) => code));
  return (evidence.temporal?.failing ?? []).filter(
    ({ what, code }) => what === 'workflowTask' || !(code in faults || decided.has(code) || known.has(code)),
  );
}

/** While an incident lasts nobody is told of its symptoms; of those who were told, nobody hears that they are over. */
export function withoutSymptoms(conditions: readonly Condition[], evidence: Evidence): readonly Condition[] {
  const { hold } = evidence.connection ?? { hold: 'none' };
  const isIncident = hold === 'incident' || hold === 'all' || faultsOf(evidence).length > 0 || isBudgetGone(evidence);
  if (!isIncident) return conditions;
  return conditions.map((one) => (symptoms.test(one.key) ? { ...one, covered: true } : one));
}

interface Fault {
  readonly code: ErrorCode;
  readonly key: string;
  readonly part: EvidencePart;
  readonly since: string | null;
  /** A workflow that fails because of it; null when none was seen. */
  readonly workflowId: string | null;
}

/** What bucket, CRM and journal said themselves. */
function knownFaults({ bucket, health, journal }: Evidence): readonly Omit<Fault, 'workflowId'>[] {
  return [
    ...(bucket?.kind === 'fault' ? [{ code: bucket.code, key: 'bucket:fault', part: 'bucket' as const }] : []),
    ...(health.fault === null
      ? []
      : [{ code: health.fault.code, key: `crm:${health.fault.code}`, part: 'connection' as const }]),
    ...(journal.awaySince === null
      ? []
      : [{ code: 'JOURNAL_UNAVAILABLE' as const, key: 'journal:away', part: 'journal' as const }]),
  ].map((fault) => ({ ...fault, since: fault.part === 'journal' ? journal.awaySince : null }));
}

/** Each fault once, also one that only workflows meet, such as a bucket that lists and does not give its files. */
function faultsOf(evidence: Evidence): readonly Fault[] {
  const failing = evidence.temporal?.failing ?? [];
  const met = failing.flatMap(({ code, workflowId }): Fault[] => {
    const fault = faults[code as ErrorCode];
    return fault === undefined ? [] : [{ ...fault, code: code as ErrorCode, since: null, workflowId }];
  });
  const known = knownFaults(evidence).map(
    (fault): Fault => ({ ...fault, workflowId: failing.find(({ code }) => code === fault.code)?.workflowId ?? null }),
  );
  const byKey = new Map([...met, ...known].map((fault) => [fault.key, fault]));
  // The last calls are kept for answers with a deadline, so others meet the limit: that is the budget.
  if (isBudgetGone(evidence)) byKey.delete('crm:CRM_LIMIT_REACHED');
  return [...byKey.values()];
}

const isBudgetGone = ({ health }: Evidence): boolean =>
  health.apiBudget === 'held' && health.fault?.code !== 'CRM_LIMIT_REACHED';

function judgeFaults(evidence: Evidence, { links }: Judgement): readonly Condition[] {
  return faultsOf(evidence).map(({ code, key, part, since, workflowId }) => {
    const { message, fix, fixBy } = catalogue[code];
    const texts = {
      sentence: `${message} [${code}]`,
      fix: `${whatWaits(evidence)} ${fix}`,
      link: workflowId === null ? null : links.workflow(workflowId),
    };
    const who = fixBy === 'nobody' ? 'engineer' : fixBy;
    return condition(key, part, who, texts, { after: passingFault, urgent: true, since });
  });
}

function judgeHold(evidence: Evidence, { settings, links }: Judgement): readonly Condition[] {
  const { hold } = evidence.connection ?? { hold: 'none' };
  if (hold === 'none') return [];
  const link = links.connectionRows();
  const incident = {
    sentence: 'The connection is held by an incident: nothing goes in or out.',
    fix: `${whatWaits(evidence)} Read the Hold Reason of the connection, then set its Requested State to Run.`,
    link,
  };
  const forgotten = {
    sentence: `The connection has been held for more than ${duration(settings.holdForgottenAfter)}.`,
    fix: `${whatWaits(evidence)} Set its Requested State to Run if the hold was forgotten.`,
    link,
  };
  const after = settings.holdForgottenAfter * 1000;
  return [
    ...(hold === 'incident' ? [condition('held:incident', 'connection', 'engineer', incident, { urgent: true })] : []),
    condition('held:forgotten', 'connection', 'allianceManager', forgotten, { after }),
  ];
}

function judgeBudget(evidence: Evidence): readonly Condition[] {
  const { apiBudget, fault } = evidence.health;
  if (apiBudget === 'free' || fault?.code === 'CRM_LIMIT_REACHED') return [];
  const isGone = apiBudget === 'held';
  const texts = {
    sentence: isGone
      ? "The share of the CRM's API calls is used up; only answers with a deadline still go through."
      : "The CRM's API calls run low; the sync sends fewer, fuller calls.",
    fix: `${isGone ? `${whatWaits(evidence)} ` : ''}Wait, or find who uses the calls, or raise the limit.`,
    link: null,
  };
  const more = isGone ? { urgent: true, after: passingFault } : { after: slowBudgetAfter };
  return [condition(`budget:${apiBudget}`, 'connection', 'salesforceAdministrator', texts, more)];
}

/** How much an incident keeps waiting now, and that it goes on by itself. A hold waits for its release only. */
export function whatWaits({ bucket, temporal }: Evidence): string {
  const files = bucket?.kind === 'listed' ? bucket.waiting : temporal?.atWork.files;
  const records = temporal?.atWork.uploads;
  const counted = [
    ...(files ? [files === 1 ? '1 file' : `${files} files`] : []),
    ...(records ? [records === 1 ? '1 record' : `${records} records`] : []),
  ];
  const wait = (files ?? 0) + (records ?? 0) === 1 ? 'waits' : 'wait';
  const now = counted.length === 0 ? 'What comes meanwhile waits' : `${counted.join(' and ')} ${wait}`;
  return `${now}; nothing is lost, and all goes on by itself afterwards.`;
}
