import { SalesforceError } from '../org/salesforce-error.ts';
import type { Value, Values } from '../org/schema.ts';

/** Which requests a fault meets; what is left out matches everything. */
export interface FaultMatch {
  readonly method?: string;
  /** Regular expression on the path with its query, without host. */
  readonly path?: string;
  /** The object that the request is about. */
  readonly object?: string;
}

export type FaultEffect =
  /** Answers an error in place of doing anything. */
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly message: string;
      readonly status?: number;
      readonly fields?: readonly string[];
    }
  | { readonly kind: 'unavailable'; readonly retryAfterSeconds?: number }
  | { readonly kind: 'tooManyRequests'; readonly retryAfterSeconds: number }
  /** A maintenance page in HTML. */
  | { readonly kind: 'html'; readonly status: number }
  | { readonly kind: 'limitExhausted' }
  /** The session ends before the request is looked at. */
  | { readonly kind: 'expireToken' }
  /** Closes the connection without doing anything. */
  | { readonly kind: 'resetConnection' }
  /** Does nothing and answers nothing; the connection stays open. */
  | { readonly kind: 'hang' }
  /** Does the work, then waits before it answers. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** Does the work and cuts the answer after so many bytes. */
  | { readonly kind: 'cutBody'; readonly afterBytes: number }
  /** Does the work and closes the connection without an answer. */
  | { readonly kind: 'loseAnswer' }
  /** Closes the connection at once, and does the work later. */
  | { readonly kind: 'commitLate'; readonly milliseconds: number }
  /** Another user edits a record just before the request is worked on. */
  | { readonly kind: 'editBefore'; readonly id: string; readonly values: Readonly<Values> };

/** A fault of single rows inside a request that succeeds: row locks, a row that the org refuses. */
export interface RowFault {
  readonly object: string;
  /** Only rows whose field holds the value. */
  readonly where?: { readonly field: string; readonly value: Value };
  readonly code: string;
  readonly message: string;
  readonly fields?: readonly string[];
}

export interface RequestFacts {
  readonly method: string;
  readonly path: string;
  readonly object: string | null;
}

interface Armed<T> {
  readonly fault: T;
  left: number;
  skip: number;
}

/** How often a fault strikes: the next `times` matching requests, after `skip` that pass. */
export interface FaultCount {
  /** @default 1 */
  readonly times?: number;
  /** @default 0 */
  readonly skip?: number;
}

/** Faults waiting for requests. Each strike is counted, so that a test can tell whether its fault was met. */
export class Faults {
  readonly #requests: Armed<{ readonly match: FaultMatch; readonly effect: FaultEffect }>[] = [];
  readonly #rows: Armed<RowFault>[] = [];
  /** Milliseconds that every request takes on its way, half before the work and half after it. */
  latencyMilliseconds = 0;
  /** Writes whose caller was sent away and that are not committed yet. */
  lateCommits = 0;
  /** Strikes so far, by kind of effect or code of row fault. */
  readonly strikes: Record<string, number> = {};

  /** @throws SyntaxError when `match.path` is no regular expression */
  inject(match: FaultMatch, effect: FaultEffect, count: FaultCount = {}): void {
    if (match.path !== undefined) new RegExp(match.path);
    this.#requests.push({ fault: { match, effect }, left: count.times ?? 1, skip: count.skip ?? 0 });
  }

  injectRow(fault: RowFault, count: FaultCount = {}): void {
    this.#rows.push({ fault, left: count.times ?? 1, skip: count.skip ?? 0 });
  }

  /** The next rows of the object fail as a row lock held by another transaction makes them. */
  lockRows(object: string, count: FaultCount = {}): void {
    this.injectRow(
      {
        object,
        code: 'UNABLE_TO_LOCK_ROW',
        message: 'unable to obtain exclusive access to this record or 1 records: ',
      },
      count,
    );
  }

  clear(): void {
    this.#requests.length = 0;
    this.#rows.length = 0;
  }

  /** Faults that have strikes left. */
  waiting(): number {
    return [...this.#requests, ...this.#rows].filter((one) => one.left > 0).length;
  }

  takeFor(request: RequestFacts): FaultEffect | null {
    const armed = this.#requests.find(
      ({ fault: { match }, left }) =>
        left > 0 &&
        (match.method === undefined || match.method.toUpperCase() === request.method) &&
        (match.path === undefined || new RegExp(match.path).test(request.path)) &&
        (match.object === undefined || match.object.toLowerCase() === request.object?.toLowerCase()),
    );
    if (armed === undefined || !this.#strike(armed, armed.fault.effect.kind)) return null;
    return armed.fault.effect;
  }

  takeForRow(object: string, id: string | null, values: Readonly<Values>): SalesforceError | null {
    const armed = this.#rows.find(
      ({ fault, left }) =>
        left > 0 &&
        fault.object.toLowerCase() === object.toLowerCase() &&
        (fault.where === undefined || values[fault.where.field] === fault.where.value),
    );
    if (armed === undefined || !this.#strike(armed, armed.fault.code)) return null;
    const { code, message, fields } = armed.fault;
    const text = code === 'UNABLE_TO_LOCK_ROW' && message.endsWith(': ') ? `${message}${id ?? ''}` : message;
    return new SalesforceError(code, text, { fields: fields ?? [] });
  }

  #strike(armed: { left: number; skip: number }, name: string): boolean {
    if (armed.skip > 0) {
      armed.skip--;
      return false;
    }
    armed.left--;
    this.strikes[name] = (this.strikes[name] ?? 0) + 1;
    return true;
  }
}
