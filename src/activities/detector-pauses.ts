import { AceSyncError } from '../errors.ts';
import type { Dependencies } from './dependencies.ts';

/** Why nothing is looked at now; the cursors stay, so nothing is missed. */
export async function whyNothing({ crm, config, hold }: Dependencies): Promise<string | null> {
  if (config.mode !== 'live') return `Mode ${config.mode}: nothing is sent.`;
  return crm.openBreaker() ?? (await hold.reason('toAws'));
}

/**
 * What holds the whole connection until somebody mends it, as a sentence: the round is over and says so. Repeated, it would
 * meet the same fault in silence. An outage that passes by itself is repeated.
 */
export function faultOfConnection({ crm }: Dependencies, error: unknown): string | null {
  if (!(error instanceof AceSyncError) || error.code === 'CRM_UNAVAILABLE') return null;
  return crm.health().fault?.code === error.code ? `${error.message} ${error.entry.fix}` : null;
}

/** Nothing but the org's limit of API calls holds the connection, so the reserve may be used. */
export function isShortOfCalls({ crm, config }: Dependencies): boolean {
  const { fault, apiBudget } = crm.health();
  return config.mode === 'live' && fault === null && apiBudget === 'held';
}
