import { AceSyncError } from '../../errors.ts';
import type { WriteOutcome } from '../crm.ts';
import type { AdaptiveSlice } from './adaptive-slice.ts';
import {
  connectionFault,
  type LabelOf,
  problemOf,
  readSalesforceError,
  type SalesforceError,
} from './classify-error.ts';
import type { CollectionsRow } from './collections-row.ts';
import { type ErrorRow, findErrorRow } from './error-table.ts';
import type { SalesforceOptions } from './options.ts';
import type { SalesforceSession } from './session.ts';
import { recordId } from './soql.ts';

export interface CollectionsCall {
  readonly sobject: string;
  /** The external id field of an upsert; null updates by record id. */
  readonly externalId: string | null;
  readonly rows: readonly CollectionsRow[];
  readonly labelOf: LabelOf;
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
  const bisection = { calls: 0, written: false };
  await settle(call.rows, true);
  return call.rows.map((row) => outcomes.get(row) ?? unreachable());

  async function settle(rows: readonly CollectionsRow[], lockedMayRepeat: boolean): Promise<void> {
    const verdicts = await send(rows);
    const locked: CollectionsRow[] = [];
    const suspects: CollectionsRow[] = [];
    for (const [row, verdict] of verdicts) {
      if ('outcome' in verdict) {
        outcomes.set(row, verdict.outcome);
        if (verdict.outcome.kind === 'written') bisection.written = true;
      } else if (verdict.error.class.kind === 'rowLock' && lockedMayRepeat) {
        locked.push(row);
      } else if (verdict.error.class.kind === 'batch' && rows.length > 1) {
        suspects.push(row);
      } else {
        outcomes.set(row, refusal(verdict.error, verdict.salesforce));
      }
    }
    if (suspects.length === rows.length && rows.length > 1) sender.slice.shrink();
    if (suspects.length === 0 && locked.length === 0 && rows.length > 1) sender.slice.grow();
    await bisect(suspects);
    if (locked.length > 0) {
      await sender.sleep(rowLockPauseMs);
      await settle(locked, false);
    }
  }

  async function bisect(suspects: readonly CollectionsRow[]): Promise<void> {
    const middle = Math.ceil(suspects.length / 2);
    for (const half of [suspects.slice(0, middle), suspects.slice(middle)]) {
      if (half.length === 0) continue;
      if (bisection.calls >= mostBisections && !bisection.written) {
        for (const row of half) outcomes.set(row, automationBroken());
        continue;
      }
      bisection.calls++;
      await settle(half, true);
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
          const results = await connection.request<readonly SaveResult[]>({
            method: 'PATCH',
            url: `/composite/sobjects${path}`,
            headers: { 'content-type': 'application/json', ...saveHeaders(sender.duplicateAlerts) },
            body: JSON.stringify({ allOrNone: false, records: rows.map((row) => row.json) }),
          });
          if (!Array.isArray(results) || results.length !== rows.length) {
            throw new AceSyncError('CRM_UNAVAILABLE', `${place}: the answer does not hold one result per record.`);
          }
          return new Map(rows.map((row, index) => [row, judge(results[index])]));
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
      const judged: Verdict = { error: rows.length > 1 ? { ...error, class: { kind: 'batch' } } : error, salesforce };
      return new Map(rows.map((row) => [row, judged]));
    }
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
    if (error.class.kind === 'connection') {
      const asThrown = Object.assign(new Error(salesforce.code), { errorCode: salesforce.code, data: salesforce });
      throw connectionFault(asThrown, `${call.sobject}`, sender.retry);
    }
    return { error, salesforce };
  }

  function refusal(error: ErrorRow, salesforce: SalesforceError): WriteOutcome {
    const problem = problemOf(error, salesforce, call.labelOf);
    switch (error.class.kind) {
      case 'rowLock':
        return { kind: 'later', problem, retryAfterMs: sender.retry.rowLockMs };
      case 'later':
        return { kind: 'later', problem, retryAfterMs: sender.retry.approvalLockMs };
      case 'older':
        return { kind: 'older' };
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
