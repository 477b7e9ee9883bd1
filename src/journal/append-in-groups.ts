type Append = (ledger: string, day: string, lines: readonly string[]) => Promise<void>;

/**
 * While one append to a ledger is under way, those that come meanwhile wait and go out together in the next one: a worker
 * with a backlog writes a few objects a second instead of several for each file. An append that fails fails for all who
 * wait for it; each repeats its lines then, and readers take a line once by its id.
 */
export function appendInGroups(append: Append): Append {
  const waiting = new Map<string, { readonly lines: string[]; readonly done: Promise<void> }>();
  const last = new Map<string, Promise<void>>();
  return (ledger, day, lines) => {
    const key = `${ledger}/${day}`;
    const group = waiting.get(key);
    if (group !== undefined) {
      group.lines.push(...lines);
      return group.done;
    }
    const own = [...lines];
    const done = (last.get(ledger) ?? Promise.resolve()).then(() => {
      waiting.delete(key);
      return append(ledger, day, own);
    });
    last.set(
      ledger,
      done.catch(() => {}),
    );
    waiting.set(key, { lines: own, done });
    return done;
  };
}
