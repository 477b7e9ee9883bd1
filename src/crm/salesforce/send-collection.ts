import { AceSyncError } from '../../errors.ts';
import { valueTaken, type WriteOutcome } from '../crm.ts';
import type { AdaptiveSlice } from './adaptive-slice.ts';
import {
  connectionFault,
  type LabelOf,
  problemOf,
  readSalesforceError,
  type SalesforceError,
} from './classify-error.ts';
import type { CollectionsRow } from './collections-row.ts';
import { beingMade, type ErrorRow, fieldRefusedRow, findErrorRow } from './error-table.ts';
import type { SalesforceOptions } from './options.ts';
import { partAhead, ridersOf, type Written } from './riders.ts';
import { bodyOf, mayTravelTogether, type Part, type PartAnswer, sendApart, sendTogether } from './send-together.ts';
import type { SalesforceSession } from './session.ts';
import { recordId } from './soql.ts';

export interface CollectionsCall {
  readonly sobject: string;
  /** The external id field of an upsert; null updates by record id. */
  readonly externalId: string | null;
  readonly rows: readonly CollectionsRow[];
  readonly labelOf: LabelOf;
  /** Describes the object afresh and says whether this user may write all of the fields. */
  readonly mayWrite: (fields: readonly string[]) => Promise<boolean>;
  readonly urgent: boolean;
}

export interface CollectionsSender {
  readonly session: SalesforceSession;
  readonly retry: SalesforceOptions['retry'];
  readonly duplicateAlerts: SalesforceOptions['duplicateAlerts'];
  readonly slice: AdaptiveSlice;
  readonly sleep: (ms: number) => Promise<void>;
}

/** What Salesforce answers for one row of a collections call. */
interface SaveResult {
  readonly id?: string;
  readonly success: boolean;
  readonly created?: boolean;
  readonly errors: readonly {
    readonly statusCode?: string;
    readonly message?: string;
    readonly fields?: readonly string[];
  }[];
}

/** A moment is mostly enough for another transaction to end; more is left to the activity's retry. */
const rowLockPauseMs = 250;
/** Calls spent on finding the bad rows of one batch before the automation counts as broken for all of them. */
const mostBisections = 24;
/** When automation fails for every record, somebody has to repair it: no use to come back sooner. */
const automationBrokenMs = 15 * 60_000;

/**
 * Sends rows through sObject Collections with `allOrNone: false` and judges every row by itself: locked rows are tried
 * once more apart from the others, and a batch that fails as a whole is halved until the rows to blame stand alone.
 * @returns one outcome per row, in order.
 * @throws AceSyncError for faults of the connection; then what became of the rows is unknown, and writing again is safe.
 */
export async function sendCollection(
  sender: CollectionsSender,
  call: CollectionsCall,
): Promise<readonly WriteOutcome[]> {
  const outcomes = new Map<CollectionsRow, WriteOutcome>();
  const pending: { readonly rows: readonly CollectionsRow[]; readonly lockedMayRepeat: boolean }[] = [
    { rows: call.rows, lockedMayRepeat: true },
  ];
  let calls = 0;
  let written = false;
  // Breadth first: both halves of a batch are tried before the quarters of one.
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    if (calls++ > mostBisections && !written) {
      for (const row of next.rows) outcomes.set(row, automationBroken());
      continue;
    }
    await settle(next.rows, next.lockedMayRepeat);
  }
  return call.rows.map((row) => outcomes.get(row) ?? unreachable());

  async function settle(rows: readonly CollectionsRow[], lockedMayRepeat: boolean): Promise<void> {
    const locked: CollectionsRow[] = [];
    const suspects: CollectionsRow[] = [];
    for (const [row, verdict] of await send(rows)) {
      if ('outcome' in verdict) {
        outcomes.set(row, verdict.outcome);
        written ||= verdict.outcome.kind === 'written';
      } else if (verdict.error.class.kind === 'rowLock' && lockedMayRepeat) {
        locked.push(row);
      } else if (verdict.error.class.kind === 'batch' && rows.length > 1) {
        suspects.push(row);
      } else {
        outcomes.set(row, refusal(verdict.error, verdict.salesforce));
      }
    }
    if (suspects.length === rows.length && rows.length > 1) sender.slice.shrink();
    if (suspects.length + locked.length === 0 && rows.length > 1) sender.slice.grow();
    const middle = Math.ceil(suspects.length / 2);
    for (const half of [suspects.slice(0, middle), suspects.slice(middle)]) {
      if (half.length > 0) pending.push({ rows: half, lockedMayRepeat });
    }
    if (locked.length > 0) {
      await sender.sleep(rowLockPauseMs);
      pending.push({ rows: locked, lockedMayRepeat: false });
    }
  }

  type Verdict = { outcome: WriteOutcome } | { error: ErrorRow; salesforce: SalesforceError };

  async function send(rows: readonly CollectionsRow[]): Promise<ReadonlyMap<CollectionsRow, Verdict>> {
    const place = `${call.externalId === null ? 'update' : 'upsert'} of ${rows.length} ${call.sobject}`;
    const path = call.externalId === null ? '' : `/${call.sobject}/${call.externalId}`;
    try {
      return await sender.session.call(
        place,
        async (connection) => {
          const headers = saveHeaders(sender.duplicateAlerts);
          const body = { allOrNone: false, records: rows.map((row) => row.json) };
          const save: Part = { method: 'PATCH', path: `/composite/sobjects${path}`, headers, body };
          const ahead = partAhead(rows, headers);
          const needed = ahead === null ? [save] : [ahead, save];
          const wanted = ridersOf(rows, call.externalId, headers);
          const all = [...needed, ...wanted.map(({ part }) => part)];
          const fits = mayTravelTogether(all);
          const answers = fits ? await sendTogether(connection, all) : await sendApart(connection, needed);
          const [inserted, saved] = ahead === null ? [undefined, answers[0]] : answers;
          const others = answers.slice(needed.length);
          const riders = fits ? wanted : [];
          const results = resultsOf(place, saved, rows.length);
          const inserts = ahead === null ? [] : resultsOf(place, inserted, rows.filter((row) => row.ahead).length);
          const verdicts = judgeRows(rows, results, inserts);
          await refuseSchema(verdicts.map(([, verdict]) => verdict));
          const written = new Map<CollectionsRow, Written>();
          for (const [row, verdict] of verdicts) {
            if ('outcome' in verdict && verdict.outcome.kind === 'written') written.set(row, verdict.outcome);
          }
          for (const [index, rider] of riders.entries()) rider.add(others[index], written);
          return new Map(
            verdicts.map(([row, verdict]): [CollectionsRow, Verdict] => {
              const outcome = written.get(row);
              return [row, outcome === undefined ? verdict : { outcome }];
            }),
          );
        },
        call.urgent ? 'urgent' : 'normal',
      );
    } catch (thrown) {
      if (thrown instanceof AceSyncError) {
        // A call that takes too long may be one that carries too much.
        if (thrown.code === 'CRM_UNAVAILABLE') sender.slice.shrink();
        throw thrown;
      }
      const salesforce = readSalesforceError(thrown);
      if (salesforce === null) throw thrown;
      // The request was refused as a whole for what one of its rows holds: find that row.
      const error = findErrorRow(salesforce.code, salesforce.message);
      const alone = error.class.kind === 'batch' ? error.class.alone : 'person';
      const judged: Verdict = {
        error: rows.length > 1 ? { ...error, class: { kind: 'batch', alone } } : error,
        salesforce,
      };
      return new Map(rows.map((row) => [row, judged]));
    }
  }

  function resultsOf(place: string, answer: PartAnswer | undefined, expected: number): readonly SaveResult[] {
    const results = bodyOf(answer) as readonly SaveResult[];
    if (Array.isArray(results) && results.length === expected) return results;
    throw new AceSyncError('CRM_UNAVAILABLE', `${place}: the answer does not hold one result per record.`);
  }

  /** @param inserts what became of the companion rows that went ahead, in the order of the rows that have one */
  function judgeRows(
    rows: readonly CollectionsRow[],
    results: readonly SaveResult[],
    inserts: readonly SaveResult[],
  ): readonly (readonly [CollectionsRow, Verdict])[] {
    const left = inserts.values();
    return rows.map((row, index) => {
      const verdict = judge(results[index]);
      const insert = row.ahead === undefined ? null : judge(left.next().value);
      return [row, insert !== null && isCauseOf(insert, verdict) ? insert : verdict];
    });
  }

  /** A record whose row could not be inserted for another reason than that it is there: that reason is the record's. */
  function isCauseOf(insert: Verdict, verdict: Verdict): boolean {
    const isRefused = 'error' in verdict && verdict.error.problem === beingMade;
    return isRefused && 'error' in insert && insert.error.problem !== valueTaken;
  }

  function judge(result: SaveResult | undefined): Verdict {
    if (result?.success === true) {
      const id = recordId(result.id ?? '') ?? '';
      return { outcome: { kind: 'written', id, created: result.created === true } };
    }
    const first = result?.errors[0];
    const salesforce: SalesforceError = {
      code: first?.statusCode ?? '',
      message: first?.message ?? '',
      fields: first?.fields ?? [],
    };
    const error = findErrorRow(salesforce.code, salesforce.message);
    if (error.class.kind === 'older') return { outcome: { kind: 'older' } };
    return { error, salesforce };
  }

  /**
   * A fault of the connection that is reported by row holds the connection; but what looks like a missing field may
   * concern one record alone, such as an amount that its products decide. Then the description still has the field.
   */
  async function refuseSchema(verdicts: readonly Verdict[]): Promise<void> {
    for (const verdict of verdicts) {
      if (!('error' in verdict) || verdict.error.class.kind !== 'connection') continue;
      const { code, fields } = verdict.salesforce;
      if (verdict.error.class.code === 'CRM_SCHEMA' && fields.length > 0 && (await call.mayWrite(fields))) continue;
      const asThrown = Object.assign(new Error(code), { errorCode: code, data: verdict.salesforce });
      throw connectionFault(asThrown, call.sobject, sender.retry);
    }
  }

  function refusal(row: ErrorRow, salesforce: SalesforceError): WriteOutcome {
    const error = row.class.kind === 'connection' ? fieldRefusedRow : row;
    const problem = problemOf(error, salesforce, call.labelOf);
    switch (error.class.kind) {
      case 'rowLock':
        return { kind: 'later', problem, retryAfterMs: sender.retry.rowLockMs };
      case 'later':
        return { kind: 'later', problem, retryAfterMs: sender.retry.approvalLockMs };
      case 'older':
        return { kind: 'older' };
      case 'batch':
        return error.class.alone === 'later'
          ? { kind: 'later', problem, retryAfterMs: automationBrokenMs }
          : { kind: 'refused', problem };
      default:
        return { kind: 'refused', problem };
    }
  }

  function automationBroken(): WriteOutcome {
    const error = findErrorRow('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', '');
    const problem = problemOf(error, { code: '', message: '', fields: [] }, call.labelOf);
    return { kind: 'later', problem, retryAfterMs: automationBrokenMs };
  }
}

/**
 * Assignment rules would take a lead from its owner at every update: the REST API applies them unless told not to
 * ("Assignment Rule Header"). Who owns a new record is the mapping's to say.
 */
function saveHeaders(duplicateAlerts: SalesforceOptions['duplicateAlerts']): Record<string, string> {
  const autoAssign = { 'Sforce-Auto-Assign': 'FALSE' };
  return duplicateAlerts === 'hold' ? autoAssign : { ...autoAssign, 'Sforce-Duplicate-Rule-Header': 'allowSave=true' };
}

function unreachable(): never {
  throw new Error('a row was sent and got no outcome');
}
