import type { WatchSettings } from '../config/notice-settings.ts';
import type { WaitingRows } from '../crm/crm.ts';
import { type FixBy, fixByLabels } from '../errors.ts';
import { type Condition, condition, type EvidencePart, evidenceParts } from './condition.ts';
import { duration } from './duration.ts';
import type { Evidence, FailingGroup, WaitingGroup } from './evidence.ts';
import { explainCode } from './explain-code.ts';
import { judgeIncidents, ownLoops, withoutSymptoms } from './judge-incidents.ts';
import { judgeLiveness } from './judge-liveness.ts';
import { judgeSecrets } from './judge-secrets.ts';
import type { Links } from './links.ts';
import { silentSince } from './rhythm.ts';
import { localTime } from './working-time.ts';

export interface Judgement {
  readonly connection: string;
  readonly settings: WatchSettings;
  readonly links: Links;
  readonly now: Date;
}

/** Every state of the connection that somebody should know, from one look's evidence. */
export function judgeEvidence(evidence: Evidence, judgement: Judgement): readonly Condition[] {
  const conditions = [
    ...judgeIncidents(evidence, judgement),
    ...(evidence.temporal === null
      ? []
      : [
          ...evidence.temporal.waiting.flatMap((group) => waiting(group, judgement)),
          ...ownLoops(evidence).map((group) => failing(group, judgement)),
          ...ended(evidence.temporal.ended, judgement),
          ...pausedSchedules(evidence.temporal.pausedSchedules, judgement),
        ]),
    ...bucket(evidence.bucket, judgement),
    ...rows(evidence.rows, judgement),
    ...silence(evidence, judgement),
    ...judgeLiveness(evidence, judgement),
    ...judgeSecrets(evidence.secrets, judgement),
  ];
  return withoutSymptoms(conditions, evidence);
}

/** The parts that this look could read: only they can end what an earlier look began. */
export function readableParts(evidence: Evidence): ReadonlySet<EvidencePart> {
  return new Set(evidenceParts.filter((part) => evidence[part] !== null));
}

const nouns: Readonly<Record<WaitingGroup['kind'], readonly [one: string, many: string]>> = {
  upload: ['1 record is held', 'records are held'],
  outboundFile: ['1 file from AWS has records that wait', 'files from AWS have records that wait'],
  resultFile: ['1 result file waits', 'result files wait'],
};

/** Waiting uploads of these codes wait for an answer that is overdue; the other ones wait for what takes its time. */
const overdue = new Set(['INBOUND_PRESENT', 'INBOUND_UNKNOWN']);

function waiting(
  { kind, outcome, code, count }: WaitingGroup,
  { connection, settings, links }: Judgement,
): Condition[] {
  const { sentence, fix, fixBy } = explainCode(code);
  if (outcome === 'waiting' && !overdue.has(code)) return [];
  const [one, many] = outcome === 'waiting' ? ['1 result is overdue', 'results are overdue'] : nouns[kind];
  const query = `AceConnection = "${connection}" AND ExecutionStatus = "Running" AND AceReason = "${code}"`;
  const link = fixBy === 'engineer' || kind !== 'upload' ? links.workflows(query) : links.rows('ACE_All_To_Fix');
  return [
    condition(
      `${outcome}:${kind}:${code}`,
      'temporal',
      fixBy,
      { sentence: `${count === 1 ? one : `${count} ${many}`}: ${sentence} [${code}]`, fix, link },
      { count, after: outcome === 'waiting' ? settings.resultOverdueAfter * 1000 : 0 },
    ),
  ];
}

function failing({ what, code, count, workflowId }: FailingGroup, { links }: Judgement): Condition {
  const link = links.workflow(workflowId);
  if (what === 'workflowTask') {
    const sentence = `${count} ${count === 1 ? 'workflow fails' : 'workflows fail'} in a loop: its code cannot go on.`;
    const fix = 'Look at the workflow, and upgrade or roll back the worker.';
    return condition('failing:workflowTask', 'temporal', 'engineer', { sentence, fix, link }, { count, urgent: true });
  }
  const { sentence, fix, fixBy } = explainCode(code);
  const steps = count === 1 ? '1 workflow tries the same step' : `${count} workflows try the same step`;
  const texts = { sentence: `${steps} again and again: ${sentence} [${code}]`, fix, link };
  return condition(`failing:${code}`, 'temporal', fixBy === 'nobody' ? 'engineer' : fixBy, texts, { count });
}

function ended(count: number, { connection, links }: Judgement): Condition[] {
  if (count === 0) return [];
  const query = `AceConnection = "${connection}" AND ExecutionStatus IN ("Failed", "TimedOut")`;
  const texts = {
    sentence: `${count} ${count === 1 ? 'workflow' : 'workflows'} failed or timed out in the last day.`,
    fix: 'Look at them in the Web UI; see the runbook, "Look at what waits".',
    link: links.workflows(query),
  };
  // Its end is that a day has passed.
  return [condition('ended', 'temporal', 'engineer', texts, { count, endsQuietly: true })];
}

function pausedSchedules(ids: readonly string[], { settings, links }: Judgement): Condition[] {
  return ids.map((id) =>
    condition(
      `paused:${id}`,
      'temporal',
      'engineer',
      {
        sentence: `The schedule ${id} is paused, so nothing is looked for there.`,
        fix: 'Resume it (`ace-sync schedules resume`) if it was forgotten.',
        link: links.schedules(),
      },
      { after: settings.pauseForgottenAfter * 1000 },
    ),
  );
}

function bucket(evidence: Evidence['bucket'], { connection, settings, links }: Judgement): Condition[] {
  if (evidence?.kind !== 'listed') return [];
  const unsettled = evidence.unsettled.map(({ folder, count, oldest }) =>
    condition(
      `unsettled:${folder}`,
      'bucket',
      'engineer',
      {
        sentence: `${count} ${count === 1 ? 'file lies' : 'files lie'} in ${folder} that nobody settled.`,
        fix: 'Is the worker running, and is the scan paused? See `ace-sync status`.',
        link: null,
      },
      { count, since: oldest, after: settings.fileUnsettledAfter * 1000 },
    ),
  );
  const { fix, fixBy } = explainCode('FILE_UNREADABLE');
  const query = `AceConnection = "${connection}" AND AceOutcome IN ("rejected", "unreadable")`;
  const rejected = evidence.rejected.map(({ folder, count, oldest }) => {
    const sentence = `${count} ${count === 1 ? 'file' : 'files'} in ${folder} cannot be read, so nothing of it came in.`;
    const texts = { sentence, fix: `${fix} \`ace-sync inbox\` names the reason.`, link: links.workflows(query) };
    return condition(`rejected:${folder}`, 'bucket', fixBy, texts, { count, since: oldest });
  });
  return [...unsettled, ...rejected];
}

function rows(evidence: Evidence['rows'], { settings, links, now }: Judgement): Condition[] {
  if (evidence === null) return [];
  const warnings = deadlines(evidence.unanswered, settings, now).map(({ day, count, urgent }) => {
    const referrals = count === 1 ? '1 AWS referral expires' : `${count} AWS referrals expire`;
    const texts = {
      sentence: `${referrals} on ${day} unless you answer.`,
      fix: 'Choose Accept or Reject on each.',
      link: links.rows('ACE_Referrals_To_Accept'),
    };
    const key = `acceptBy:${urgent ? 'last' : 'first'}:${day}`;
    return condition(key, 'rows', 'allianceManager', texts, { count, urgent, endsQuietly: true });
  });
  const tooLong = evidence.heldTooLong.map(({ code, fixBy, count, oldest }) => {
    const known = explainCode(code);
    const records = count === 1 ? '1 record has waited' : `${count} records have waited`;
    const texts = {
      sentence: `${records} for more than ${duration(settings.heldTooLongAfter)}: ${known.sentence} [${code}]`,
      fix: known.fix,
      link: links.rows('ACE_All_To_Fix'),
    };
    // One reason can have several addressees, by the records it is on.
    const key = `heldTooLong:${code}:${fixBy ?? 'unsaid'}`;
    return condition(key, 'rows', fixByOfLabel(fixBy) ?? known.fixBy, texts, {
      count,
      since: oldest,
    });
  });
  return [...warnings, ...tooLong];
}

/**
 * Deadlines by local day: the referrals of one day are warned of together, a first and a last time, and those of the next
 * day are news again.
 */
function deadlines(unanswered: WaitingRows['unanswered'], settings: WatchSettings, now: Date) {
  const dayOf = (time: number) => localTime(new Date(time), settings.timeZone).date;
  const counts = new Map<string, number>();
  for (const { acceptBy } of unanswered) {
    const day = dayOf(Date.parse(acceptBy));
    if (Date.parse(acceptBy) > now.getTime()) counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return [...counts].flatMap(([day, count]) => {
    const within = (seconds: number) => day <= dayOf(now.getTime() + seconds * 1000);
    if (within(settings.acceptLastWarning)) return [{ day, count, urgent: true }];
    return within(settings.acceptWarning) ? [{ day, count, urgent: false }] : [];
  });
}

function silence({ rhythm }: Evidence, { settings, now }: Judgement): Condition[] {
  const since = rhythm === null ? null : silentSince(rhythm, settings, now);
  if (since === null || rhythm?.usualPause == null) return [];
  const usual = duration(rhythm.usualPause / 1000);
  const texts = {
    sentence: `AWS has sent no file since ${since.slice(0, 16)}Z; the usual pause is at most ${usual} of working time.`,
    fix: 'Does the outbound folder receive files, and does the scan run? If so, ask AWS whether exports run.',
    link: null,
  };
  return [condition('silence', 'rhythm', 'engineer', texts, { since })];
}

const labels = new Map(Object.entries(fixByLabels).map(([fixBy, label]) => [label, fixBy as FixBy]));
const fixByOfLabel = (label: string | null): FixBy | null => (label === null ? null : (labels.get(label) ?? null));
