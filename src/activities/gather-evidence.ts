import { folderPrefix } from '../bucket/folders.ts';
import { sharedObjects } from '../crm/crm.ts';
import { AceSyncError } from '../errors.ts';
import { readLastSweep } from '../journal/missed-changes.ts';
import type { Evidence } from '../notices/evidence.ts';
import type { NoticeBook } from '../notices/notice-book.ts';
import { learnFromDays, learnRhythm, type Rhythm, silentSince } from '../notices/rhythm.ts';
import { readSecretsInUse } from '../notices/secrets-in-use.ts';
import type { Dependencies } from './dependencies.ts';
import { readTemporalEvidence } from './temporal-evidence.ts';

/** Milliseconds for each part, all at once: a part that hangs is unknown, and the look goes on. */
const partTimeLimit = 12_000;
const day = 24 * 60 * 60_000;
/** A rhythm is a matter of weeks. */
const relearnAfter = day;
/** Tags read in one look and folder: files that lie there for long are few, or all of one cause. */
const mostTagsRead = 50;

/** Reads what the watch judges. A part that cannot be read is null, and never fails the others. */
export async function gatherEvidence(
  deps: Dependencies,
  known: Pick<NoticeBook, 'rhythm' | 'credentials'>,
): Promise<Evidence> {
  const { crm } = deps;
  const crmAnswers = crm.openBreaker() === null;
  const [temporal, bucket, rows, connection, rhythm, secrets, sweep] = await Promise.all([
    part(() => readTemporalEvidence(deps)),
    part(() => readBucket(deps)),
    crmAnswers ? part(() => readRows(deps)) : null,
    crmAnswers ? part(() => readConnection(deps)) : null,
    part(() => readRhythm(deps, known.rhythm)),
    part(async () => readSecretsInUse(deps.config, known.credentials, deps.now())),
    part(() => readSweep(deps)),
  ]);
  // After the calls, so that a fault they met counts.
  return { temporal, bucket, rows, connection, rhythm, secrets, sweep, health: crm.health() };
}

/** Before the first sweep nothing was missed. */
async function readSweep({ journalStore, now }: Dependencies): Promise<NonNullable<Evidence['sweep']>> {
  const last = await readLastSweep(journalStore);
  return { at: last?.at ?? now().toISOString(), missed: last?.missed.length ?? 0 };
}

async function part<T>(read: () => Promise<T>): Promise<T | null> {
  const limit = Promise.withResolvers<null>();
  const timer = setTimeout(() => limit.resolve(null), partTimeLimit);
  try {
    return await Promise.race([read().catch(() => null), limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function readBucket(deps: Dependencies): Promise<Evidence['bucket']> {
  const { config, now } = deps;
  const before = now().getTime() - config.watch.fileUnsettledAfter * 1000;
  const unsettled: { folder: string; count: number; oldest: string }[] = [];
  try {
    for (const object of sharedObjects) {
      for (const folder of ['outbound', 'results'] as const) {
        const prefix = folderPrefix(object, folder);
        const files = (await deps.bucket.list(prefix)).objects.filter((file) => Date.parse(file.lastModified) < before);
        // Mode observe leaves every file where it is.
        if (config.mode === 'observe') continue;
        const found = await withoutOutcome(deps, files);
        const oldest = found.map(({ lastModified }) => lastModified).sort()[0];
        if (oldest !== undefined) unsettled.push({ folder: prefix, count: found.length, oldest });
      }
    }
  } catch (error) {
    if (error instanceof AceSyncError && faults.has(error.code)) return { kind: 'fault', code: error.code };
    throw error;
  }
  return { kind: 'listed', unsettled };
}

const faults = new Set<string>(['BUCKET_ACCESS_DENIED', 'BUCKET_UNAVAILABLE', 'SECRET_MISSING']);

/** Files that carry no outcome: a parked or rejected one waits for a person, who is told of its reason. */
async function withoutOutcome(deps: Dependencies, files: readonly Parameters<typeof deps.settled.isFinal>[0][]) {
  const open: (typeof files)[number][] = [];
  let asked = 0;
  for (const file of files) {
    if (asked >= mostTagsRead) break;
    if (await deps.settled.isFinal(file)) continue;
    asked += 1;
    if ((await outcomeOf(deps, file)) === null) open.push(file);
  }
  return open;
}

async function outcomeOf({ bucket }: Dependencies, file: { key: string; etag: string }): Promise<string | null> {
  try {
    return await bucket.readTag(file);
  } catch (error) {
    // A file that goes while we look is settled; without the right to read tags it counts as open.
    if (error instanceof AceSyncError && error.code === 'OBJECT_GONE') return 'gone';
    if (error instanceof AceSyncError && error.code === 'BUCKET_ACCESS_DENIED') return null;
    throw error;
  }
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
  const byPerson = requested === 'Hold all' || requested === 'Hold to AWS';
  const heartbeat = config.mode === 'live' ? textOrNull(row?.Heartbeat__c) : null;
  const lease = textOrNull(row?.Lease__c);
  return {
    hold: row?.Held__c === true && requested !== 'Run' ? 'incident' : byPerson ? 'person' : 'none',
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
