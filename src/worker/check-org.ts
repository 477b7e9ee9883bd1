import { mappedPaths } from '../client/mapped-paths.ts';
import type { Configuration } from '../config/configuration.ts';
import { checkSalesforce, type Finding } from '../crm/salesforce/check/check-salesforce.ts';
import { createSession } from '../crm/salesforce/session.ts';
import type { Mapping } from '../mapping/compile.ts';

/** Compares the org with a mapping in a session of its own, so that nothing is answered from a cache. */
export function createOrgCheck({ salesforce }: Configuration): (mapping: Mapping) => Promise<readonly Finding[]> {
  return async (mapping) => {
    const session = createSession(salesforce);
    try {
      return await checkSalesforce(session, mappedPaths(mapping));
    } finally {
      await session.close();
    }
  };
}
