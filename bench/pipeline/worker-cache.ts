/** How many workflows a worker keeps in memory, and how many it has dropped for others so far. */
export interface WorkerCache {
  readonly kept: number;
  readonly dropped: number;
}

/** The SDK's own metrics, from the page of the worker. */
const metrics = { kept: 'temporal_sticky_cache_size', dropped: 'temporal_sticky_cache_total_forced_eviction_total' };

export async function readWorkerCache(metricsPort: number | undefined): Promise<WorkerCache> {
  const page = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  const sum = (metric: string) =>
    [...page.matchAll(new RegExp(`^${metric}(?:\\{.*\\})? (\\S+)$`, 'gm'))].reduce(
      (total, [, value]) => total + Number(value),
      0,
    );
  return { kept: sum(metrics.kept), dropped: sum(metrics.dropped) };
}
