import type { JournalStore } from './journal-store.ts';

/**
 * What either side's schema no longer has in common with ours: fields and standard values of AWS that the contract does
 * not know, each kept once, and what the last look at the org found.
 */

export interface AceDrift {
  readonly object: string;
  readonly field: string;
  /** Null for an unknown field. */
  readonly value: string | null;
  /** When it was seen first, ISO 8601. */
  readonly at: string;
}

export interface OrgDrift {
  /** Last look at the org, ISO 8601. */
  readonly at: string;
  /** Mapping that the org was compared with. */
  readonly mapping: string;
  readonly findings: readonly OrgFinding[];
}

export interface OrgFinding {
  readonly severity: string;
  readonly code: string;
  readonly object: string;
  readonly field?: string;
  readonly message: string;
  readonly fix: string;
}

export interface DriftLedger {
  /** Keeps what was not seen before. @returns what is new */
  noteAce(seen: readonly Omit<AceDrift, 'at'>[], at: string): Promise<readonly AceDrift[]>;
  ace(): Promise<readonly AceDrift[]>;
  /** Null before the first look. */
  org(): Promise<OrgDrift | null>;
  writeOrg(drift: OrgDrift): Promise<void>;
}

const aceLedger = 'drift/ace';
const orgDocument = 'drift/org.json';

export function createDriftLedger(store: JournalStore): DriftLedger {
  let known: Promise<Map<string, AceDrift>> | null = null;

  async function readAce(): Promise<Map<string, AceDrift>> {
    const lines = new Map<string, AceDrift>();
    for await (const text of store.lines(aceLedger)) {
      const line = parse<AceDrift>(text);
      if (line !== null && !lines.has(keyOf(line))) lines.set(keyOf(line), line);
    }
    return lines;
  }

  return {
    async noteAce(seen, at) {
      if (seen.length === 0) return [];
      known ??= readAce();
      const lines = await known;
      const fresh: AceDrift[] = [];
      for (const { object, field, value } of seen) {
        const line = { object, field, value, at };
        if (lines.has(keyOf(line))) continue;
        lines.set(keyOf(line), line);
        fresh.push(line);
      }
      if (fresh.length > 0)
        await store.append(
          aceLedger,
          at.slice(0, 10),
          fresh.map((line) => JSON.stringify(line)),
        );
      return fresh;
    },
    ace: async () => [...(await readAce()).values()].sort((one, other) => one.at.localeCompare(other.at)),
    async org() {
      const kept = await store.read(orgDocument);
      return kept === null ? null : parse<OrgDrift>(kept.bytes.toString());
    },
    async writeOrg(drift) {
      const kept = await store.read(orgDocument);
      // Another worker that was faster saw the same org.
      await store.replace(orgDocument, Buffer.from(JSON.stringify(drift)), kept?.version ?? null);
    },
  };
}

const keyOf = ({ object, field, value }: Omit<AceDrift, 'at'>): string => JSON.stringify([object, field, value]);

function parse<Line>(text: string): Line | null {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return null;
  }
}
