import { type Condition, condition } from './condition.ts';
import { duration } from './duration.ts';
import type { Evidence } from './evidence.ts';
import type { Judgement } from './judge-evidence.ts';

/** A hand-over from one installation to another passes within one look. */
const handOver = 5 * 60_000;

/**
 * Whether change detection, and it alone, is at work on the connection, by its own row in the CRM, and whether it sees all
 * that changes, by what the last sweep found.
 */
export function judgeLiveness(evidence: Evidence, judgement: Judgement): readonly Condition[] {
  const { connection } = evidence;
  return [
    ...(connection === null ? [] : [...detector(connection, evidence, judgement), ...lease(connection, judgement)]),
    ...missed(evidence.sweep, judgement),
  ];
}

/** Each sweep that finds some is news; the next one that finds none ends it. */
function missed(sweep: Evidence['sweep'], { links, connection }: Judgement): readonly Condition[] {
  if (sweep === null || sweep.missed === 0) return [];
  const { at, missed: count } = sweep;
  const texts = {
    sentence: `Change detection had missed ${count === 1 ? '1 change' : `${count} changes`}; the daily sweep sends what was missed.`,
    fix: 'Look at these records with `ace-sync status`: may the integration user see them, and what they refer to?',
    link: links.workflow(`${connection}/detector`),
  };
  return [condition(`missed:${at}`, 'sweep', 'engineer', texts, { count, since: at, endsQuietly: true })];
}

type Connection = NonNullable<Evidence['connection']>;

function detector({ heartbeat }: Connection, { health }: Evidence, { settings, links, now, connection }: Judgement) {
  if (heartbeat === null || now.getTime() - Date.parse(heartbeat) < settings.detectorSilentAfter * 1000) return [];
  // Then it cannot write its heartbeat, and the cause is told.
  if (health.fault !== null || health.apiBudget === 'held') return [];
  const texts = {
    sentence: `Change detection has not run for ${duration(settings.detectorSilentAfter)}: nothing new goes to AWS.`,
    fix: 'Start it with `ace-sync schedules`, or look at what its workflow waits for.',
    link: links.workflow(`${connection}/detector`),
  };
  return [condition('detector:silent', 'connection', 'engineer', texts, { urgent: true, since: heartbeat })];
}

function lease({ otherInstallation }: Connection, { links }: Judgement): readonly Condition[] {
  if (otherInstallation === null) return [];
  const texts = {
    sentence: `The installation ${otherInstallation} runs this connection too; each takes the other's state for foreign.`,
    fix: 'Stop the schedules and the worker of one of them.',
    link: links.connectionRows(),
  };
  return [condition(`lease:${otherInstallation}`, 'connection', 'engineer', texts, { urgent: true, after: handOver })];
}
