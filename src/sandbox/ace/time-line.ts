import { performEffects } from './effects.ts';
import { exportChanged } from './export.ts';
import { processInbound } from './process-inbound.ts';
import { awaitsAcceptance, expireReferral } from './referrals.ts';
import { advanceReview } from './review.ts';
import { openDraft, switchesOf, type World } from './world.ts';

const hourMs = 60 * 60_000;

/** How far the stored time may lag behind the clock, in simulated milliseconds. */
const clockLagMs = 60_000;

/** The times at which something happens by itself, except for inbound files. */
function dueTimes(world: World): number[] {
  const { store } = world;
  const records = store.all('records');
  return [
    ...records.flatMap((record) => (record.reviewDue === null ? [] : [Date.parse(record.reviewDue)])),
    ...records.filter(awaitsAcceptance).map((record) => Date.parse(String(record.fields.acceptBy))),
    ...store.all('delayed').map(({ due }) => Date.parse(due)),
    nextExport(world).getTime(),
  ];
}

function lastExport(world: World): Date {
  const value = world.store.get('meta', 'export')?.value;
  return typeof value === 'string' ? new Date(value) : world.clock.now();
}

/** The full hour after the last export. */
export function nextExport(world: World): Date {
  return new Date((Math.floor(lastExport(world).getTime() / hourMs) + 1) * hourMs);
}

/** Everything that is due now: reviews, expired referrals, late results, and the export of the hour. */
export async function runDue(world: World): Promise<void> {
  const now = world.clock.now();
  const draft = openDraft(world.store);
  for (const [key, { due, effects }] of world.store.entries('delayed')) {
    if (Date.parse(due) > now.getTime()) continue;
    draft.put('delayed', key, null);
    effects.forEach(draft.effect);
  }
  for (const record of world.store.all('records')) {
    if (record.reviewDue !== null && Date.parse(record.reviewDue) <= now.getTime()) {
      advanceReview(world, draft, record);
    } else if (awaitsAcceptance(record) && Date.parse(String(record.fields.acceptBy)) < now.getTime()) {
      expireReferral(world, draft, record);
    }
  }
  if (nextExport(world) <= now && !switchesOf(world).exportPaused) exportChanged(world, draft);
  const stored = world.store.get('meta', 'clock')?.value;
  if (
    typeof stored !== 'string' ||
    now.getTime() - Date.parse(stored) >= clockLagMs ||
    world.clock.kind === 'stepped'
  ) {
    draft.put('meta', 'clock', { name: 'clock', value: now.toISOString() });
  }
  draft.commit();
  await performEffects(world);
}

/** Moves a stepped clock on, stopping at each moment at which something is due, as real time would. */
export async function step(world: World, milliseconds: number): Promise<void> {
  const end = world.clock.now().getTime() + milliseconds;
  await processInbound(world);
  while (world.clock.now().getTime() < end) {
    const now = world.clock.now().getTime();
    // What is due at this very moment was run by the last round; a referral expires just after its acceptBy.
    const next = dueTimes(world).reduce((first, time) => (time > now && time < first ? time : first), end);
    world.clock.set(new Date(next));
    await runDue(world);
  }
  await processInbound(world);
}
