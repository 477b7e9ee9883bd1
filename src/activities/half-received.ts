import { ApplicationFailure } from '@temporalio/common';
import { decideLife } from '../mapping/record-life.ts';
import type { LinkedState } from './linked-records.ts';

/** Attempts that wait for whoever writes the row, and milliseconds between them: a minute, longer than a worker's death is noticed. */
const mostAttempts = 12;
const pauseMs = 5_000;

/**
 * An export was written to the record and not yet to its row: what both sides agree on is not known, and what AWS wrote
 * would look like an edit of ours. The upload waits a minute for whoever finishes the export. Nobody does when a person
 * stopped the record meanwhile; then the upload goes on with what the row says.
 * @param attempt of the activity, from 1
 * @throws ApplicationFailure EXPORT_UNFINISHED, to be tried again
 */
export function waitForExport({ linked, received }: LinkedState, attempt: number): void {
  const held = linked.record?.aceLastModified ?? null;
  // Of a deleted record nobody finishes the export, and a clone carries what AWS wrote to another record.
  if (decideLife(linked).do !== 'proceed') return;
  const isHalf = held !== null && (received === null || Date.parse(held) > Date.parse(received.at));
  if (!isHalf || attempt > mostAttempts) return;
  throw ApplicationFailure.create({
    type: 'EXPORT_UNFINISHED',
    message: 'An export of this record is written to the CRM record and not yet to its row.',
    nextRetryDelay: pauseMs,
  });
}
