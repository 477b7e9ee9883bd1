import { mappedPaths } from '../client/mapped-paths.ts';
import type { Configuration } from '../config/configuration.ts';
import { checkSalesforce, type Finding } from '../crm/salesforce/check/check-salesforce.ts';
import { createSession } from '../crm/salesforce/session.ts';
import type { Mapping } from '../mapping/compile.ts';

/** What the user of a check may not look into: nothing is known to be wrong there. */
const notVisible = 'NOT_VISIBLE';

/**
 * Compares the org with a mapping in a session of its own, so that nothing is answered from a cache. The worker's user may
 * not look into Setup, which is no finding here: the check that an administrator runs looks there.
 */
export function createOrgCheck({ salesforce }: Configuration): (mapping: Mapping) => Promise<readonly Finding[]> {
  return async (mapping) => {
    const session = createSession(salesforce);
    try {
      const findings = await checkSalesforce(session, mappedPaths(mapping));
      return findings.filter(({ code }) => code !== notVisible);
    } finally {
      await session.close();
    }
  };
}
