const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs work that has to clear up after itself when this process is told to end: its AbortSignal is raised, and once
 * the work has ended the signal has its usual effect after all.
 */
export async function abortOnSignals<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interruption = new AbortController();
  let received: NodeJS.Signals | null = null;
  const handle = (signal: NodeJS.Signals) => {
    received = signal;
    interruption.abort();
  };
  for (const signal of signals) process.on(signal, handle);
  try {
    return await work(interruption.signal);
  } finally {
    for (const signal of signals) process.off(signal, handle);
    // Somebody else's handler has already been called.
    if (received !== null && process.listenerCount(received) === 0) process.kill(process.pid, received);
  }
}
