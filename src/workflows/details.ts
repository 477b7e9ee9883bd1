import type { Problem } from '../errors.ts';
import type { OutboundFileInput, RecordOutcome, UploadInput, UploadState } from './messages.ts';
import { countOutcomes } from './outcomes.ts';
import { fileSummary, uploadSummary } from './summaries.ts';

/**
 * Markdown for the Web UI's "current details": a person reads there what a run is about, what it is doing and what it
 * waits for. They are the one place for that: a run that waits has no static summary (see `summaries.ts`).
 */

export function describeFileOutcome(
  input: OutboundFileInput,
  outcome: string,
  outcomes: readonly RecordOutcome[],
  problems: readonly Problem[],
): string {
  const counts = Object.entries(countOutcomes(outcomes)).filter(([, count]) => count > 0);
  const parked = outcomes.filter((record) => record.outcome === 'parked');
  return [
    `**${outcome}**: ${fileSummary(input.object, 'outbound', input.file.key)}`,
    counts.length === 0 ? '' : counts.map(([kind, count]) => `${count} ${kind}`).join(', '),
    // The Web UI's box shows few lines: what to do stands before the list.
    parked.length === 0
      ? ''
      : 'Signal `retry` once the cause is gone; without record indexes it tries all parked ones.',
    ...problems.map(describeProblem),
    ...parked.map((record) => `- Record ${record.index} (${record.aceId ?? 'no ACE id'}): ${sentence(record)}`),
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

const nextSteps: Record<UploadState['phase'], string> = {
  planning: 'Reading the CRM record and computing what is due.',
  sending: 'Writing the intent to the CRM, then the file to the bucket.',
  waitingForResult: 'ACE has the file; its processed result comes within minutes.',
  held: 'Correct the CRM record, or signal `retry`; the update `abandon` gives it up.',
  waiting: 'Moves on by itself when the state it waits for arrives; `retry` makes it look now.',
  done: 'Nothing is left to send.',
};

export function describeUpload(input: UploadInput, state: UploadState): string {
  const name = state.name === null ? '' : `File \`${state.name}\``;
  const reason = state.reason === null ? '' : `${state.code}: ${state.reason} (since ${state.since})`;
  return [`**${state.phase}**: ${uploadSummary(input.object, input.crmId)}`, nextSteps[state.phase], reason, name]
    .filter((line) => line !== '')
    .join('\n\n');
}
