import { createDescribeCache } from '../describe-cache.ts';
import type { SalesforceSession } from '../session.ts';
import { checkAutomation } from './check-automation.ts';
import { checkDataModel } from './check-data-model.ts';
import { checkMapping } from './check-mapping.ts';
import { checkUser } from './check-user.ts';
import type { Finding, MappedPath } from './finding.ts';

export type { Finding, MappedPath } from './finding.ts';

const order: readonly Finding['severity'][] = ['error', 'warning', 'note'];

/**
 * Everything that would hold records later, found by reading alone: the data model, the paths of the mapping, and the
 * org's own automation. Errors come first.
 * @throws AceSyncError when the org cannot be reached, or is another one than the connection is pinned to.
 */
export async function checkSalesforce(
  session: SalesforceSession,
  paths: readonly MappedPath[],
): Promise<readonly Finding[]> {
  const cache = createDescribeCache(session, Date.now);
  const findings = [
    ...(await checkUser(session)),
    ...(await checkDataModel(cache)),
    ...(await checkMapping(cache, paths)),
    ...(await checkAutomation(session)),
  ];
  return findings.sort((one, other) => order.indexOf(one.severity) - order.indexOf(other.severity));
}
