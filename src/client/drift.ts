import { type AceDrift, createDriftLedger, type OrgDrift } from '../journal/drift-ledger.ts';
import type { JournalStore } from '../journal/journal-store.ts';

/** How far both sides have moved away from the contract and the mapping. */
export interface Drift {
  /** Fields and standard values of AWS that the contract does not know; records with them went on as they were. */
  readonly ace: readonly AceDrift[];
  /** The last daily look at the org; null before the first. */
  readonly org: OrgDrift | null;
}

export async function readDrift(store: JournalStore): Promise<Drift> {
  const ledger = createDriftLedger(store);
  return { ace: await ledger.ace(), org: await ledger.org() };
}

/** Lines for the status; none without drift. */
export function driftText({ ace, org }: Drift): string {
  const fields = ace.map(({ object, field, value, at }) => {
    const what = value === null ? 'unknown field' : `unknown value "${value}" of`;
    return `  AWS       ${what} ${field} (${object}), since ${at}`;
  });
  const findings = (org?.findings ?? []).map(
    ({ severity, message, fix }) => `  ${severity.padEnd(9)} ${message} ${fix}`,
  );
  const lines = [...fields, ...findings];
  return lines.length === 0 ? '' : `\nDrift:\n${lines.join('\n')}\n`;
}
