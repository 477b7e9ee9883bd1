import type { Problem } from '../errors.ts';
import type { OutboundFileInput, RecordOutcome } from './messages.ts';
import { countOutcomes } from './outcomes.ts';

/** Markdown for the Web UI's "current details": a person reads there what a run is doing and what it waits for. */

export function describeFileOutcome(
  input: OutboundFileInput,
  outcome: string,
  outcomes: readonly RecordOutcome[],
  problems: readonly Problem[],
): string {
  const counts = Object.entries(countOutcomes(outcomes)).filter(([, count]) => count > 0);
  const parked = outcomes.filter((record) => record.outcome === 'parked');
  return [
    `**${outcome}**: \`${input.file.key}\``,
    counts.length === 0 ? '' : counts.map(([kind, count]) => `${count} ${kind}`).join(', '),
    ...problems.map(describeProblem),
    ...parked.map((record) => `- Record ${record.index} (${record.aceId ?? 'no ACE id'}): ${sentence(record)}`),
    parked.length === 0 ? '' : 'Signal `retry` once the cause is gone; without record indexes it tries all parked ones.',
  ]
    .filter((line) => line !== '')
    .join('\n\n');
}

export function describeProblem(problem: Problem): string {
  const field = problem.field === undefined ? '' : ` (${problem.field})`;
  return `- ${problem.code}${field}: ${problem.message} ${problem.fix}`;
}

function sentence(record: RecordOutcome): string {
  return record.problem === undefined ? record.code : `${record.problem.message} ${record.problem.fix}`;
}
