import { type Company, createPatience, type PatienceOptions } from './patience.ts';

/**
 * Lets concurrent callers share calls (design.md, rule 12). One lane serves one object and operation; it has one call
 * under way, and one entry per record key in a call, since Salesforce refuses a key that comes twice.
 */

export interface LaneOptions<Value, Result> extends PatienceOptions {
  /** Most entries in the next call; asked before each call, so that it can adapt. */
  readonly maxRecords: () => number;
  /** Sends one call. Must give one result per value, in order; a throw fails every entry of the call alike. */
  readonly send: (values: readonly Value[], urgent: boolean) => Promise<readonly Result[]>;
  /**
   * What becomes of two entries of one key that wait together: `replace` answers both with the later one's result,
   * `after` keeps both for one call each.
   */
  readonly meet?: (waiting: Value, later: Value) => 'replace' | 'after';
}

export interface SubmitOptions {
  readonly signal?: AbortSignal;
  readonly urgent?: boolean;
  /** The backlog that the caller is a part of: the call waits for the others of it. */
  readonly company?: Company;
}

export interface Lane<Value, Result> {
  submit(key: string, value: Value, options?: SubmitOptions): Promise<Result>;
  /** Sends what waits without waiting for company, and resolves when nothing is under way. */
  drain(): Promise<void>;
}

interface Waiter<Result> {
  resolve(result: Result): void;
  reject(reason: unknown): void;
}

interface Entry<Value, Result> {
  readonly key: string;
  value: Value;
  urgent: boolean;
  readonly company: Company | null;
  waiters: Waiter<Result>[];
}

export function createLane<Value, Result>(options: LaneOptions<Value, Result>): Lane<Value, Result> {
  let queue: Entry<Value, Result>[] = [];
  /** The last waiting entry of each key: the one that a later value may replace. */
  const waiting = new Map<string, Entry<Value, Result>>();
  let timer: NodeJS.Timeout | undefined;
  let firstAt = 0;
  const patience = createPatience(options);
  let lengthAtLastLook = 0;
  let expected = false;
  let underWay: Promise<void> | null = null;
  let draining = false;

  function submit(key: string, value: Value, { signal, urgent = false, company }: SubmitOptions = {}) {
    return new Promise<Result>((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const stopListening = () => signal?.removeEventListener('abort', cancel);
      const waiter: Waiter<Result> = {
        resolve: (result) => {
          stopListening();
          resolve(result);
        },
        reject: (reason) => {
          stopListening();
          reject(reason);
        },
      };
      const last = waiting.get(key);
      let entry: Entry<Value, Result>;
      if (last !== undefined && options.meet?.(last.value, value) === 'replace') {
        entry = last;
        entry.value = value;
        entry.urgent ||= urgent;
        entry.waiters.push(waiter);
      } else {
        entry = { key, value, urgent, company: company ?? null, waiters: [waiter] };
        queue.push(entry);
        patience.note(performance.now(), entry.company);
        waiting.set(key, entry);
      }
      const cancel = () => leave(entry, waiter, signal?.reason);
      signal?.addEventListener('abort', cancel, { once: true });
      schedule();
    });
  }

  /** A cancelled caller takes its entry along only while nobody else waits for it and it has not been sent. */
  function leave(entry: Entry<Value, Result>, waiter: Waiter<Result>, reason: unknown): void {
    entry.waiters = entry.waiters.filter((other) => other !== waiter);
    if (entry.waiters.length === 0 && waiting.get(entry.key) === entry) waiting.delete(entry.key);
    if (entry.waiters.length === 0) queue = queue.filter((other) => other !== entry);
    waiter.reject(reason);
  }

  function schedule(): void {
    if (underWay !== null) return;
    if (draining || queue.length >= options.maxRecords()) {
      start();
      return;
    }
    if (queue.length === 0) return;
    if (timer === undefined) {
      firstAt = performance.now();
      waitForMore();
    } else if (expected && !patience.expectsMore(queue)) {
      // The last one of the backlog came: no more is worth waiting for.
      clearTimeout(timer);
      waitForMore();
    }
  }

  /** While entries keep coming there is a backlog, and a fuller call is worth a longer wait. */
  function waitForMore(): void {
    const left = patience.wholeMs(queue) - (performance.now() - firstAt);
    lengthAtLastLook = queue.length;
    expected = patience.expectsMore(queue);
    // Once the last of a backlog is there, the whole may be over already.
    timer = setTimeout(look, Math.max(0, Math.min(patience.quietMs(queue), left)));
  }

  function look(): void {
    timer = undefined;
    const grown = queue.length > lengthAtLastLook;
    if (grown && performance.now() - firstAt < patience.wholeMs(queue)) waitForMore();
    else start();
  }

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    const batch = takeBatch();
    if (batch.length === 0) return;
    underWay = run(batch).finally(() => {
      underWay = null;
      schedule();
    });
  }

  function takeBatch(): Entry<Value, Result>[] {
    const limit = options.maxRecords();
    const batch = new Map<string, Entry<Value, Result>>();
    const held: Entry<Value, Result>[] = [];
    let looked = 0;
    for (const entry of queue) {
      if (batch.size >= limit) break;
      looked++;
      if (batch.has(entry.key)) held.push(entry);
      else batch.set(entry.key, entry);
    }
    queue = held.concat(queue.slice(looked));
    for (const entry of batch.values()) if (waiting.get(entry.key) === entry) waiting.delete(entry.key);
    return [...batch.values()];
  }

  async function run(batch: readonly Entry<Value, Result>[]): Promise<void> {
    try {
      const urgent = batch.some((entry) => entry.urgent);
      const results = await options.send(
        batch.map((entry) => entry.value),
        urgent,
      );
      if (results.length !== batch.length) throw new Error(`expected ${batch.length} results, got ${results.length}`);
      batch.forEach((entry, index) => {
        const result = results[index];
        if (result !== undefined) for (const waiter of entry.waiters) waiter.resolve(result);
      });
    } catch (thrown) {
      for (const entry of batch) for (const waiter of entry.waiters) waiter.reject(thrown);
    }
  }

  return {
    submit,
    async drain() {
      draining = true;
      schedule();
      while (underWay !== null) await underWay;
      draining = false;
    },
  };
}
