import type { Crm, WaitingRows } from '../crm.ts';
import { type Status, syncObject } from '../data-model.ts';
import { queryTogether, textAt, timeAt, valueAt } from './query.ts';
import type { SalesforceSession } from './session.ts';
import { dateTime, isOneOf } from './soql.ts';

/** Statuses in which a row waits for a person. */
const heldStatuses: readonly Status[] = ['Needs data', 'Needs attention', 'Conflict', 'Held'];
/** Statuses in which a person decided that nothing happens. */
const setAside: readonly Status[] = ['Stopped', 'Excluded'];
/** A warning names a number, so it needs no more rows than this; the earliest deadlines come first. */
const mostUnanswered = 2000;

/** Reads what waits: the deadlines of unanswered referrals, and how long rows have been held, by reason. */
export async function readWaitingRows(
  session: SalesforceSession,
  { now, acceptUntil, heldBefore }: Parameters<Crm['waitingRows']>[0],
): Promise<WaitingRows> {
  const deadlines =
    `SELECT Id, Accept_By__c FROM ${syncObject} WHERE Accept_By__c > ${dateTime(now)} ` +
    `AND Accept_By__c <= ${dateTime(acceptUntil)} AND Acceptance__c NOT IN ('Accepted', 'Rejected') ` +
    // An answer that was sent stands as a reason until AWS confirms it.
    `AND Reason_Code__c != 'ACCEPTANCE_SENT' AND (NOT ${isOneOf('Status__c', setAside)}) ` +
    `ORDER BY Accept_By__c LIMIT ${mostUnanswered}`;
  const held =
    `SELECT Reason_Code__c code, Fix_By__c fixBy, COUNT(Id) rows, MIN(Since__c) oldest FROM ${syncObject} ` +
    `WHERE ${isOneOf('Status__c', heldStatuses)} AND Since__c < ${dateTime(heldBefore)} ` +
    'GROUP BY Reason_Code__c, Fix_By__c';
  const queries = [deadlines, held].map((soql) => ({ soql, deleted: false }));
  const [unanswered = [], groups = []] = await queryTogether(session, `query of ${syncObject}`, queries);
  return {
    unanswered: unanswered.map((row) => ({
      rowId: textAt(row, 'Id') ?? '',
      acceptBy: timeAt(row, 'Accept_By__c') ?? '',
    })),
    heldTooLong: groups.map((row) => ({
      code: textAt(row, 'code') ?? 'UNKNOWN',
      fixBy: textAt(row, 'fixBy'),
      count: Number(valueAt(row, 'rows') ?? 0),
      oldest: timeAt(row, 'oldest') ?? heldBefore,
    })),
  };
}
