import type { ChangeCursor, CrmChange, CrmVersion } from '../crm/crm.ts';

const keyOf = ({ id, systemModstamp }: CrmVersion): string => `${id}@${systemModstamp}`;

const secondMs = 1_000;
const secondOf = (stamp: string): number => Math.floor(Date.parse(stamp) / secondMs);

/**
 * Which changes this worker has judged already: the overlap shows the same rows in every round. It only saves calls, so it
 * stays in the worker's memory: after a mass update it would be megabytes in every event of the detector's history. A
 * worker that did not judge them judges them again.
 *
 * Salesforce stamps in whole seconds, so a version may change once more under the same stamp; it counts as judged only
 * when it was read after its second was over.
 */
export class JudgedVersions {
  readonly #overlapMs: number;
  #judged: ReadonlySet<string> = new Set();
  /** Judged while their second was not over, with the time of the first such reading in ms: judged once more. */
  #open: ReadonlyMap<string, number> = new Map();

  constructor(overlapMs: number) {
    this.#overlapMs = overlapMs;
  }

  /** A detector without a cursor may have lost what it told: nothing counts as judged then. */
  forget(): void {
    this.#judged = new Set();
    this.#open = new Map();
  }

  /** The changes to judge in this round. */
  unjudged(changes: readonly CrmChange[]): readonly CrmChange[] {
    return changes.filter(({ versions }) => versions.some((version) => !this.#judged.has(keyOf(version))));
  }

  /**
   * A round has judged all of these.
   * @param read the times between which the changes were read, by the clock of this worker.
   */
  note(changes: readonly CrmChange[], { since }: ChangeCursor, read: { readonly from: Date; readonly to: Date }): void {
    const judged = new Set<string>();
    const open = new Map<string, number>();
    for (const version of changes.flatMap(({ versions }) => versions)) {
      // Older versions are outside the window of the next round.
      if (Date.parse(version.systemModstamp) < Date.parse(since) - this.#overlapMs) continue;
      const key = keyOf(version);
      const first = this.#open.get(key);
      const isOver =
        this.#judged.has(key) ||
        secondOf(version.systemModstamp) < secondOf(since) ||
        (first !== undefined && read.from.getTime() - first > secondMs);
      if (isOver) judged.add(key);
      else open.set(key, first ?? read.to.getTime());
    }
    this.#judged = judged;
    this.#open = open;
  }
}
