import { ApplicationFailure } from '@temporalio/common';
import { decideLife } from '../mapping/record-life.ts';
import { stoppedByPerson } from '../mapping/row-status.ts';
import type { LinkedState } from './linked-records.ts';
import { isMadeByOther } from './maker.ts';

/** Attempts that wait for whoever writes the row, and milliseconds between them: a minute, longer than a worker's death is noticed. */
const mostAttempts = 12;
const pauseMs = 5_000;

/**
 * An export was written to the record and not yet to its row: what both sides agree on is not known, and what AWS wrote
 * would look like an edit of ours, to the upload and to the next export alike. Both wait a minute for whoever finishes the
 * export, and then go on with what the row says.
 * @param attempt of the activity, from 1
 * @param version lastModifiedDate of the export at hand, which is the half-written one itself when it is tried again
 * @throws ApplicationFailure EXPORT_UNFINISHED, to be tried again
 */
export function waitForExport(state: LinkedState, attempt: number, version: number = Number.POSITIVE_INFINITY): void {
  if (!isHalfReceived(state, version)) return;
  comeAgain(attempt, 'An export of this record is written to the CRM record and not yet to its row.');
}

/**
 * Another export of this record makes it at this moment; what was cut short in between is made by the next one after a
 * minute.
 * @param maker who would make the record now (`makerOf`)
 * @throws ApplicationFailure EXPORT_UNFINISHED, to be tried again
 */
export function waitForMaker(state: LinkedState, attempt: number, maker: string): void {
  if (isMadeByOther(state, maker)) comeAgain(attempt, 'Another export of this record makes its CRM record.');
}

function comeAgain(attempt: number, message: string): void {
  if (attempt > mostAttempts) return;
  throw ApplicationFailure.create({ type: 'EXPORT_UNFINISHED', message, nextRetryDelay: pauseMs });
}

/** Of a deleted or stopped record nobody finishes the export, and a clone carries what AWS wrote to another record. */
function isHalfReceived({ linked, received, obstacle }: LinkedState, version: number): boolean {
  const written = Date.parse(linked.record?.aceLastModified ?? '');
  // Salesforce keeps whole seconds.
  const isThis = written >= Math.floor(version / 1000) * 1000;
  if (Number.isNaN(written) || isThis || obstacle !== null || stoppedByPerson(linked.row?.fields ?? null)) return false;
  return (received === null || written > Date.parse(received.at)) && decideLife(linked).do === 'proceed';
}
