import { setTimeout as delay } from 'node:timers/promises';

/** A page that a worker serves, such as its metrics, and every line that it ever showed. */
export interface SeenPage {
  readonly name: string;
  readonly url: string;
}

export interface PageWatch {
  /** Everything seen so far, by page; counts are left out, since they differ each time. */
  seen(): readonly { readonly name: string; readonly text: string }[];
  stop(): Promise<void>;
}

const lookEveryMs = 3_000;

/** Looks at pages of workers that come and go, because a page dies with its worker. */
export function watchPages(pages: readonly SeenPage[]): PageWatch {
  const lines = new Map(pages.map(({ name }) => [name, new Set<string>()]));
  const ending = new AbortController();
  async function look({ name, url }: SeenPage): Promise<void> {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(lookEveryMs) });
      const known = lines.get(name);
      for (const line of (await answer.text()).split('\n')) known?.add(line.replace(/ [-+.\de]+$/i, ''));
    } catch {
      // The worker is dead at the moment.
    }
  }
  const looking = (async () => {
    while (!ending.signal.aborted) {
      await Promise.all(pages.map(look));
      await delay(lookEveryMs, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  })();
  return {
    seen: () => [...lines].map(([name, seen]) => ({ name, text: [...seen].join('\n') })),
    async stop() {
      ending.abort();
      await looking;
    },
  };
}
