import { type Condition, condition } from './condition.ts';
import { duration } from './duration.ts';
import type { Evidence } from './evidence.ts';
import type { Judgement } from './judge-evidence.ts';

/** A hand-over from one installation to another passes within one look. */
const handOver = 5 * 60_000;

/** Whether change detection, and it alone, is at work on the connection: what its own row in the CRM says. */
export function judgeLiveness(evidence: Evidence, judgement: Judgement): readonly Condition[] {
  return evidence.connection === null
    ? []
    : [...detector(evidence.connection, evidence, judgement), ...lease(evidence.connection, judgement)];
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
