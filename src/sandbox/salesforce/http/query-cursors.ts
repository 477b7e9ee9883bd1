import { randomBytes } from 'node:crypto';
import type { QueryResult } from '../soql/run-query.ts';

export interface Cursor {
  readonly result: QueryResult;
  readonly userId: string;
  readonly pageSize: number;
}

/** Open query results, most recent last; an org keeps a limited number as well. */
export class QueryCursors {
  readonly #cursors = new Map<string, Cursor>();
  static readonly kept = 20;

  open(cursor: Cursor): string {
    const id = `0r8${randomBytes(8).toString('hex').slice(0, 15)}`;
    this.#cursors.set(id, cursor);
    const [oldest] = this.#cursors.keys();
    if (this.#cursors.size > QueryCursors.kept && oldest !== undefined) this.#cursors.delete(oldest);
    return id;
  }

  find(id: string): Cursor | undefined {
    return this.#cursors.get(id);
  }
}
