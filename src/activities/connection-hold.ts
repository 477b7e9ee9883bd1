import type { Crm } from '../crm/crm.ts';
import { steadyNow } from '../crm/steady-clock.ts';
import { AceSyncError } from '../errors.ts';

/**
 * Whether a person or an incident holds the connection, as its row in the CRM says (`ACE_Connection__c`): one look
 * serves all activities of a worker for a while.
 */
export interface ConnectionHold {
  /** Why nothing may come in, or go to AWS; null when it may. */
  reason(direction: 'in' | 'toAws'): Promise<string | null>;
  /** Where an incident's hold stands; `released` by a person (`Requested State` is Run) means that it can be cleared. */
  incident(): Promise<'none' | 'open' | 'released'>;
  /** Forgets what was read: called when this worker changes the row itself. */
  forget(): void;
}

/** Milliseconds for which one look holds; a hold takes effect within this time. */
const freshFor = 30_000;

export function createConnectionHold(crm: Crm, connection: string, now: () => number = steadyNow): ConnectionHold {
  let read: { readonly at: number; readonly row: ReturnType<Crm['connectionRow']> } | null = null;
  async function row() {
    if (read === null || now() - read.at > freshFor) {
      read = { at: now(), row: crm.connectionRow(connection) };
      read.row.catch(() => {
        read = null;
      });
    }
    return read.row;
  }
  return {
    async reason(direction) {
      const state = await row();
      const requested = state?.Requested_State__c ?? null;
      if (state?.Held__c === true && requested !== 'Run')
        return String(state.Hold_Reason__c ?? 'An incident holds the connection.');
      if (requested === 'Hold all') return 'A person holds the connection (Requested State is Hold all).';
      if (requested === 'Hold to AWS' && direction === 'toAws')
        return 'A person holds what goes to AWS (Requested State is Hold to AWS).';
      return null;
    },
    async incident() {
      const state = await row();
      if (state?.Held__c !== true) return 'none';
      return state.Requested_State__c === 'Run' ? 'released' : 'open';
    },
    forget() {
      read = null;
    },
  };
}

/** Milliseconds after which an activity looks again whether the hold is over. */
const lookAgainMs = 60_000;

/** @throws AceSyncError CONNECTION_HELD, which the activity's retries wait out: nothing is parked for it (rule 11). */
export async function refuseWhileHeld(hold: ConnectionHold, direction: 'in' | 'toAws'): Promise<void> {
  const reason = await hold.reason(direction);
  if (reason !== null) throw new AceSyncError('CONNECTION_HELD', reason, { retryAfterMs: lookAgainMs });
}
