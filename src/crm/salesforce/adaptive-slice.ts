/**
 * How many records the next call carries. An org's triggers run once per call, so a batch that fails as a whole or takes
 * too long is a sign that this org needs smaller ones; calls that go well let the size grow back.
 */
export interface AdaptiveSlice {
  size(): number;
  shrink(): void;
  grow(): void;
}

/** Good calls in a row before the size doubles: enough to outlast the records that made it shrink. */
const goodCallsToGrow = 10;

export function createAdaptiveSlice(maxRecords: number): AdaptiveSlice {
  let size = maxRecords;
  let good = 0;
  return {
    size: () => size,
    shrink() {
      good = 0;
      size = Math.max(1, Math.ceil(size / 2));
    },
    grow() {
      if (++good < goodCallsToGrow || size === maxRecords) return;
      good = 0;
      size = Math.min(maxRecords, size * 2);
    },
  };
}
