import { readLastSweep } from '../journal/missed-changes.ts';
import type { Evidence } from '../notices/evidence.ts';
import type { NoticeBook } from '../notices/notice-book.ts';
import { learnFromDays, learnRhythm, type Rhythm, silentSince } from '../notices/rhythm.ts';
import { readSecretsInUse } from '../notices/secrets-in-use.ts';
import { withinTime } from '../within-time.ts';
import { readBucketEvidence } from './bucket-evidence.ts';
import type { Dependencies } from './dependencies.ts';
import { readTemporalEvidence } from './temporal-evidence.ts';

/** Milliseconds for each part, all at once: a part that hangs is unknown, and the look goes on. */
const partTimeLimit = 12_000;
const day = 24 * 60 * 60_000;
/** A rhythm is a matter of weeks. */
const relearnAfter = day;

/** Reads what the watch judges. A part that cannot be read is null, and never fails the others. */
export async function gatherEvidence(
  deps: Dependencies,
  known: Pick<NoticeBook, 'rhythm' | 'credentials'> & { readonly journalAwaySince: string | null },
): Promise<Evidence> {
  const { crm } = deps;
  const crmAnswers = crm.openBreaker() === null;
  const [temporal, bucket, rows, connection, rhythm, secrets, sweep] = await Promise.all([
    part(() => readTemporalEvidence(deps)),
    part(() => readBucketEvidence(deps)),
    crmAnswers ? part(() => readRows(deps)) : null,
    crmAnswers ? part(() => readConnection(deps)) : null,
    part(() => readRhythm(deps, known.rhythm)),
    part(async () => readSecretsInUse(deps.config, known.credentials, deps.now())),
    part(() => readSweep(deps)),
  ]);
  // After the calls, so that a fault they met counts.
  const journal = { awaySince: known.journalAwaySince };
  return { temporal, bucket, rows, connection, rhythm, secrets, sweep, journal, health: crm.health() };
}

/** Before the first sweep nothing was missed. */
async function readSweep({ journalStore, now }: Dependencies): Promise<NonNullable<Evidence['sweep']>> {
  const last = await readLastSweep(journalStore);
  return { at: last?.at ?? now().toISOString(), missed: last?.missed.length ?? 0 };
}

function part<T>(read: () => Promise<T>): Promise<T | null> {
  const known: Promise<T | null> = read().catch(() => null);
  return withinTime(partTimeLimit, known, () => null);
}

async function readRows({ crm, config, now }: Dependencies): Promise<Evidence['rows']> {
  const at = now().getTime();
  const { acceptWarning, acceptLastWarning, heldTooLongAfter } = config.watch;
  return crm.waitingRows({
    now: new Date(at).toISOString(),
    // Deadlines are warned of by whole days.
    acceptUntil: new Date(at + Math.max(acceptWarning, acceptLastWarning) * 1000 + day).toISOString(),
    heldBefore: new Date(at - heldTooLongAfter * 1000).toISOString(),
  });
}

async function readConnection({ crm, config }: Dependencies): Promise<NonNullable<Evidence['connection']>> {
  const row = await crm.connectionRow(config.connection);
  const requested = row?.Requested_State__c ?? null;
  const byPerson = requested === 'Hold all' ? 'all' : requested === 'Hold to AWS' ? 'toAws' : 'none';
  const heartbeat = config.mode === 'live' ? textOrNull(row?.Heartbeat__c) : null;
  const lease = textOrNull(row?.Lease__c);
  return {
    hold: row?.Held__c === true && requested !== 'Run' ? 'incident' : byPerson,
    heartbeat,
    otherInstallation: lease === config.installation ? null : lease,
  };
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** The journal of a month is read, so only once a day, and when the newest file that we know of is long ago. */
async function readRhythm({ journal, config, now }: Dependencies, known: Rhythm | null): Promise<Rhythm> {
  const at = now();
  const fresh = known !== null && at.getTime() - Date.parse(known.readAt) < relearnAfter;
  if (fresh && silentSince(known, config.watch, at) === null) return known;
  const lines = await journal.outcomes(new Date(at.getTime() - learnFromDays * day));
  return learnRhythm(
    lines.filter((line) => line.connection === config.connection),
    config.watch,
    at,
    known,
  );
}
