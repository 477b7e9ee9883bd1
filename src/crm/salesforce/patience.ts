/**
 * How long a shared call waits for more entries (design.md, rule 12): a lone one hardly, a burst until it is over, and a
 * part of a backlog that somebody announced until the others of it are there.
 */

/** One caller of a known backlog; the object itself stands for the caller. */
export interface Company {
  /** Names the backlog. */
  readonly id: string;
  /** Callers that it has. */
  readonly size: number;
}

export interface PatienceOptions {
  readonly loneWindowMs: () => number;
  readonly backlogWindowMs: () => number;
}

export interface Patience {
  /** Notes that an entry came. */
  note(now: number, company: Company | null): void;
  /** Milliseconds for which nothing may come before the call goes out with what there is. */
  quietMs(queue: Queue): number;
  /** Most milliseconds from the first entry to the call. */
  wholeMs(queue: Queue): number;
  /** Whether callers of a known backlog are still to come. */
  expectsMore(queue: Queue): boolean;
}

type Queue = readonly { readonly company: Company | null }[];

/** Gaps longer than this separate bursts: what comes after one is a lone entry again. */
const burstGapMs = 2_000;
/** Entries of a burst before its pace counts: two that come close together are no backlog. */
const burstEntries = 10;
/** A call waits for as many missed arrivals before it takes the burst for over, but never longer than this for quiet. */
const missedArrivals = 8;
const longestQuietMs = 2_000;
/** Nor shorter: a process that is busy for a moment misses more arrivals than their pace promises. */
const shortestQuietMs = 250;
/** Callers of a backlog from which on they are worth waiting for. */
const backlogCallers = 10;
/**
 * With a known backlog a call may wait for so many backlog windows: what it waits for is sure to come, on a busy machine
 * only slower. A minute by default, well within the time limit of the activities that wait.
 */
const windowsOfKnownBacklog = 12;
/** Backlogs remembered at once; older ones count as complete. */
const mostBacklogs = 20;

export function createPatience({ loneWindowMs, backlogWindowMs }: PatienceOptions): Patience {
  const arrivals = createArrivals();
  const backlogs = createBacklogs();
  const backlogMs = () => Math.max(loneWindowMs(), backlogWindowMs());
  const expectsMore = (queue: Queue) => queue.some(({ company }) => company !== null && backlogs.lacks(company));
  return {
    note(now, company) {
      arrivals.note(now);
      if (company !== null) backlogs.note(company);
    },
    expectsMore,
    quietMs: (queue) =>
      expectsMore(queue) ? backlogMs() : Math.min(Math.max(loneWindowMs(), arrivals.quietMs()), backlogMs()),
    wholeMs: (queue) => backlogMs() * (expectsMore(queue) ? windowsOfKnownBacklog : 1),
  };
}

/** Which callers of each known backlog came so far. */
function createBacklogs() {
  const came = new Map<string, Set<Company>>();
  return {
    note(company: Company): void {
      const callers = came.get(company.id) ?? new Set();
      callers.add(company);
      came.set(company.id, callers);
      const [oldest] = came.keys();
      if (came.size > mostBacklogs && oldest !== undefined) came.delete(oldest);
    },
    lacks: ({ id, size }: Company): boolean => size >= backlogCallers && (came.get(id)?.size ?? size) < size,
  };
}

/**
 * The pace of a burst. On a busy machine a backlog trickles in slower than the lone window, and calls would go out with a
 * record each; so the quiet that ends a burst is measured in its own pace.
 */
function createArrivals() {
  let last = Number.NEGATIVE_INFINITY;
  let count = 0;
  let pace = 0;
  return {
    note(now: number): void {
      const gap = now - last;
      last = now;
      if (gap > burstGapMs) {
        count = 1;
        pace = 0;
        return;
      }
      count += 1;
      // A moving average over some ten arrivals.
      pace += (gap - pace) / Math.min(count, 10);
    },
    quietMs: (): number =>
      count < burstEntries ? 0 : Math.min(Math.max(pace * missedArrivals, shortestQuietMs), longestQuietMs),
  };
}
