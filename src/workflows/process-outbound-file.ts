import {
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { SettledFile } from '../activities/record-file-outcome.ts';
import type { Problem } from '../errors.ts';
import { bucketActivities, crmActivities } from './activity-proxies.ts';
import { describeFileOutcome } from './details.ts';
import { heedSignal } from './heed-signal.ts';
import { signalShapes } from './message-shapes.ts';
import { fileState, type OutboundFileInput, type OutboundFileResult, type RecordOutcome, retry } from './messages.ts';
import { countOutcomes } from './outcomes.ts';
import { parkedIdsUpdate, searchAttributeUpdates } from './search-attributes.ts';

/**
 * One version of one outbound file, from download to deletion: every record gets exactly one outcome, the file is
 * deleted only when none is parked, and a parked file waits for `retry` (or its slow probe) with its reasons shown.
 */
export async function processOutboundFile(input: OutboundFileInput): Promise<OutboundFileResult> {
  const crm = crmActivities(workflowInfo().taskQueue);
  const retries = listenForRetries();
  let outcomes: readonly RecordOutcome[] = input.parked?.outcomes ?? [];
  let step = 'download';
  const parkedSince = input.parked?.since ?? null;
  setHandler(fileState, () => ({ step, outcomes, parkedSince }), { description: 'Step and outcome of each record' });

  // A parked file arrives here through continue-as-new, to wait with a short history and wake up in current code.
  if (input.parked) {
    step = 'waiting for retry';
    show(input, outcomes);
    const wait = input.parked.retryAtOnce ? 0 : untilNextTry(input, outcomes);
    if (wait > 0) await condition(() => retries.requested(), wait, { summary: 'Try parked records again' });
  }

  step = 'download';
  const { object } = input;
  const download = await bucketActivities.downloadFile({ object, file: input.file });
  if (download.kind === 'gone' || download.kind === 'replaced') return end(input, download.kind, outcomes);
  const file = download.kind === 'downloaded' ? { ...input.file, journalSha: download.journalSha } : input.file;
  /** With the records of this try: those of earlier ones stand in the ledger. */
  const settle = (
    outcome: SettledFile['outcome'],
    tried: readonly RecordOutcome[],
    problems: readonly Problem[] = [],
  ) => bucketActivities.settleFile({ object, file, outcome, outcomes: tried, problems });
  if (download.kind === 'tooLarge' || download.problems.length > 0) {
    step = 'reject';
    await settle('rejected', [], download.problems);
    setCurrentDetails(describeFileOutcome(input, 'rejected', [], download.problems));
    return end(input, 'rejected', []);
  }

  step = 'write to CRM';
  const indexes = outcomes.length === 0 ? download.indexes : parkedIndexes(outcomes, retries.take());
  const written = await crm.upsertRecords({ object, file, indexes, ...backlogOf(input) });
  outcomes = merge(outcomes, written.outcomes);
  if (written.observed) return end(input, 'observed', outcomes);

  if (outcomes.some((outcome) => outcome.outcome === 'parked')) {
    step = 'park';
    await settle('parked', written.outcomes);
    const since = input.parked?.since ?? new Date().toISOString();
    // A retry that arrived while the records were being written is not lost: the next run starts with it.
    const parked = { since, outcomes, retryAtOnce: retries.requested() };
    return continueAsNew<typeof processOutboundFile>({ ...input, file, parked });
  }

  step = 'delete';
  await settle('processed', written.outcomes);
  return end(input, 'processed', outcomes);
}

/** A file that comes back from its wait comes alone. */
const backlogOf = ({ parked, backlog }: OutboundFileInput) =>
  parked !== undefined || backlog === undefined ? {} : { backlog };

/** Collects retry signals; the handler only notes, the main loop works. */
function listenForRetries() {
  let requested: number[] | 'all' | null = null;
  heedSignal(retry, {
    fits: signalShapes.retryRecords,
    handle: (indexes) => {
      const wanted = indexes ?? [];
      if (wanted.length === 0 || requested === 'all') requested = 'all';
      else requested = [...(requested ?? []), ...wanted];
    },
    description: 'Try parked records again: all, or those with the given record indexes',
  });
  return {
    requested: () => requested !== null,
    /** The wanted record indexes, once; without a request (the slow probe) all. */
    take: (): readonly number[] | 'all' => {
      const wanted = requested ?? 'all';
      requested = null;
      return wanted;
    },
  };
}

/** What waiting alone can end, such as an approval, is tried again sooner than the slow probe. */
function untilNextTry({ waits }: OutboundFileInput, outcomes: readonly RecordOutcome[]): number {
  const sooner = outcomes.flatMap(({ outcome, retryAfterMs }) => (outcome === 'parked' ? (retryAfterMs ?? []) : []));
  return Math.min(waits.parkedProbeInterval, ...sooner);
}

function parkedIndexes(outcomes: readonly RecordOutcome[], wanted: readonly number[] | 'all'): readonly number[] {
  const parked = outcomes.filter((outcome) => outcome.outcome === 'parked').map((outcome) => outcome.index);
  return wanted === 'all' ? parked : parked.filter((index) => wanted.includes(index));
}

/** Later outcomes replace earlier ones of the same record. */
function merge(earlier: readonly RecordOutcome[], later: readonly RecordOutcome[]): readonly RecordOutcome[] {
  const byIndex = new Map([...earlier, ...later].map((outcome) => [outcome.index, outcome]));
  return [...byIndex.values()].sort((left, right) => left.index - right.index);
}

function show(input: OutboundFileInput, outcomes: readonly RecordOutcome[]): void {
  const parked = outcomes.filter((outcome) => outcome.outcome === 'parked');
  upsertSearchAttributes([
    ...searchAttributeUpdates({ AceOutcome: 'parked', AceReason: parked[0]?.code ?? 'PARKED' }),
    parkedIdsUpdate(parked.flatMap(({ aceId }) => aceId ?? [])),
  ]);
  setCurrentDetails(describeFileOutcome(input, 'parked', outcomes, []));
}

function end(
  input: OutboundFileInput,
  outcome: OutboundFileResult['outcome'],
  outcomes: readonly RecordOutcome[],
): OutboundFileResult {
  // A file of one record, AWS's recommendation, can be found by that record.
  const [only, ...others] = outcomes;
  const aceId = only !== undefined && others.length === 0 ? { AceId: only.aceId, AceCrmId: only.crmId } : {};
  upsertSearchAttributes([
    ...searchAttributeUpdates({ AceOutcome: outcome, AceReason: null, ...aceId }),
    ...(input.parked ? [parkedIdsUpdate([])] : []),
  ]);
  if (outcome !== 'rejected') setCurrentDetails(describeFileOutcome(input, outcome, outcomes, []));
  return { file: input.file.key, outcome, records: countOutcomes(outcomes) };
}
