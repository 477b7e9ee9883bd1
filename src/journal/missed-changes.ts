import { z } from 'zod';
import { sharedObjects } from '../crm/crm.ts';
import type { JournalStore } from './journal-store.ts';

/** What the last sweep of all shared records found that change detection had missed. CRM ids only. */

const sweepSchema = z.object({
  /** ISO 8601. */
  at: z.string(),
  /** The mapping that judged: another one makes other things due, which nobody missed. */
  mapping: z.string(),
  missed: z.array(z.object({ object: z.enum(sharedObjects), crmId: z.string() })),
});

export type Sweep = z.infer<typeof sweepSchema>;
export type MissedChange = Sweep['missed'][number];

const document = 'detection/last-sweep.json';

/** Null before the first sweep, and when this release cannot read what was kept. */
export async function readLastSweep(store: JournalStore): Promise<Sweep | null> {
  const kept = await store.read(document);
  return kept === null ? null : parse(kept.bytes.toString());
}

export async function writeLastSweep(store: JournalStore, sweep: Sweep): Promise<void> {
  const kept = await store.read(document);
  // There is one detector, so whoever was faster is an earlier attempt of the same round.
  await store.replace(document, Buffer.from(JSON.stringify(sweep)), kept?.version ?? null);
}

function parse(text: string): Sweep | null {
  try {
    return sweepSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
