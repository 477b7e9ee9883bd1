import type { Dependencies } from './dependencies.ts';
import { isRefusal } from './expect-written.ts';

/**
 * Rows on which the CRM refuses what a person asked for in one round of change detection. They hold up nobody else, keep
 * their Action, and are tried again in every round.
 */
export class RefusedActions {
  readonly #log: Dependencies['log'];
  readonly #rows = new Set<string>();

  constructor({ log }: Pick<Dependencies, 'log'>) {
    this.#log = log;
  }

  /** @returns false when the CRM refused a write. */
  async carryOut(rowId: string | null, work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (rowId === null || !isRefusal(error)) throw error;
      this.#rows.add(rowId);
      this.#log.warn({ row: rowId, code: error.type }, 'The CRM refuses what a person asked for on this row.');
      return false;
    }
  }

  has(rowId: string | null): boolean {
    return rowId !== null && this.#rows.has(rowId);
  }

  /** One sentence for status and connection record; null when nothing was refused. */
  sentence(): string | null {
    const [first, ...others] = this.#rows;
    if (first === undefined) return null;
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return `The CRM refuses writes on the ACE Sync row ${first}${more}, so the Action there waits; see the worker's log.`;
  }
}
