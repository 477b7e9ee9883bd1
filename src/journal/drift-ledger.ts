import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

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

export function createDriftLedger(journalFolder: string): DriftLedger {
  const folder = join(journalFolder, 'drift');
  const aceFile = join(folder, 'ace.jsonl');
  const orgFile = join(folder, 'org.json');
  let known: Promise<Map<string, AceDrift>> | null = null;

  async function readAce(): Promise<Map<string, AceDrift>> {
    if (!existsSync(aceFile)) return new Map();
    const lines = (await readFile(aceFile, 'utf8')).split('\n').flatMap((line) => parse<AceDrift>(line) ?? []);
    return new Map(lines.toReversed().map((line) => [keyOf(line), line]));
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
      if (fresh.length === 0) return [];
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // The new line in front ends one that a kill cut short.
      await appendFile(aceFile, `\n${fresh.map((line) => `${JSON.stringify(line)}\n`).join('')}`, { mode: 0o600 });
      return fresh;
    },
    ace: async () => [...(await readAce()).values()].sort((one, other) => one.at.localeCompare(other.at)),
    org: async () => (existsSync(orgFile) ? parse<OrgDrift>(await readFile(orgFile, 'utf8')) : null),
    async writeOrg(drift) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = `${orgFile}.${randomUUID()}`;
      await writeFile(draft, JSON.stringify(drift), { mode: 0o600 });
      await rename(draft, orgFile);
    },
  };
}

const keyOf = ({ object, field, value }: Omit<AceDrift, 'at'>): string => JSON.stringify([object, field, value]);

function parse<Line>(text: string): Line | null {
  try {
    return text.trim() === '' ? null : (JSON.parse(text) as Line);
  } catch {
    return null;
  }
}
