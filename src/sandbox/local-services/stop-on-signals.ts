const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Ends this process in order at Ctrl-C, SIGTERM or the end of its terminal: calls `stop`, then exits with the code that
 * shells expect. A second signal exits at once; a supervisor's guardian then cleans up. Returns a function that takes
 * the handlers away again.
 */
export function stopOnSignals(
  stop: () => Promise<void>,
  onSignal: (signal: NodeJS.Signals) => void = () => {},
): () => void {
  let stopping = false;
  const handlers = Object.entries(exitCodes).map(([name, exitCode]) => {
    const signal = name as keyof typeof exitCodes;
    const handler = () => {
      if (stopping) process.exit(exitCode);
      stopping = true;
      onSignal(signal);
      stop().then(
        () => process.exit(exitCode),
        () => process.exit(exitCode),
      );
    };
    process.on(signal, handler);
    return { signal, handler };
  });
  return () => {
    for (const { signal, handler } of handlers) process.off(signal, handler);
  };
}
