/**
 * The result of work that may take so long, or what `late` says instead; it may throw. The work itself goes on, and
 * nobody hears how it fails then.
 */
export async function withinTime<T>(milliseconds: number, work: Promise<T>, late: () => T): Promise<T> {
  const limit = Promise.withResolvers<void>();
  const timer = setTimeout(limit.resolve, milliseconds);
  work.catch(() => {});
  try {
    return await Promise.race([work, limit.promise.then(late)]);
  } finally {
    clearTimeout(timer);
  }
}
