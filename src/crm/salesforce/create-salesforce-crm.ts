import { catalogue } from '../../errors.ts';
import type { Crm } from '../crm.ts';
import { connectionObject, syncObject } from '../data-model.ts';
import { steadyNow } from '../steady-clock.ts';
import { createDescribeCache, type DescribeCache } from './describe-cache.ts';
import { answeredRows, detectChanges } from './detect-changes.ts';
import { createRecordFinder } from './find-records.ts';
import type { SalesforceOptions } from './options.ts';
import { readConnectionRow } from './read-connection-row.ts';
import { readWaitingRows } from './read-waiting-rows.ts';
import { sobjectOf } from './record-objects.ts';
import { createRelatedIds } from './related-ids.ts';
import { createRecordSearch } from './search-records.ts';
import { createSession } from './session.ts';
import { createRecordWriter } from './write-records.ts';

export interface SalesforceCrmDependencies {
  /** Milliseconds since 1970; tests may set the clock. @default `steadyNow` */
  readonly now?: () => number;
  /** How pauses between two tries of a locked row are waited for. */
  readonly sleep?: (ms: number) => Promise<void>;
}

/**
 * The CRM interface on one Salesforce org. Create one per connection and worker: shared calls, breaker, budget and cached
 * descriptions belong to it.
 * @throws never at once; the first call logs in.
 */
export function createSalesforceCrm(options: SalesforceOptions, dependencies: SalesforceCrmDependencies = {}): Crm {
  const now = dependencies.now ?? steadyNow;
  let cache: DescribeCache | null = null;
  const session = createSession(options, { now, onBreakerOpen: () => cache?.clear() });
  const descriptions = createDescribeCache(session, now);
  cache = descriptions;
  const finder = createRecordFinder(session, descriptions, options);
  const related = createRelatedIds(session, options);
  const search = createRecordSearch(session, options);
  const writer = createRecordWriter(session, descriptions, options, dependencies.sleep);

  return {
    identity: () => session.identity(),
    find: (object, keys, paths, rowFields, callOptions) => finder.find(object, keys, paths, rowFields, callOptions),
    write(object, key, fields, callOptions) {
      return writer.write(sobjectName(object), key, fields, callOptions);
    },
    changes: (object, cursor, changeOptions) => detectChanges(session, descriptions, object, cursor, changeOptions),
    answered: (object) => answeredRows(session, object),
    search: (object, conditions, paths) => search.search(object, conditions, paths),
    related: (sobject, field, value) => related.find(sobject, field, value),
    connectionRow: (connection) => readConnectionRow(session, connection),
    waitingRows: (when) => readWaitingRows(session, when),
    apiUsage: () => session.budget.usage(),
    openBreaker() {
      const fault = session.breaker.fault();
      // Once the pause is over the next call is the probe, so the way must look open to whoever would make it.
      if (fault !== null && fault.until > now()) return `${fault.error.message} ${fault.error.entry.fix}`;
      if (!session.budget.closed()) return null;
      return `${catalogue.CRM_LIMIT_REACHED.message} ${catalogue.CRM_LIMIT_REACHED.fix}`;
    },
    health() {
      const fault = session.breaker.fault();
      return {
        apiBudget: session.budget.state(),
        fault:
          fault === null
            ? null
            : { code: fault.error.code, detail: fault.error.detail, until: new Date(fault.until).toISOString() },
      };
    },
    async close() {
      await Promise.all([finder.drain(), related.drain(), search.drain(), writer.drain()]);
      await session.close();
    },
  };
}

function sobjectName(object: Parameters<Crm['write']>[0]): string {
  if (typeof object === 'object') return object.sobject;
  switch (object) {
    case 'sync':
      return syncObject;
    case 'connection':
      return connectionObject;
    default:
      return sobjectOf[object];
  }
}
