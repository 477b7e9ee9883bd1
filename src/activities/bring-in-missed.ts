import { readAceFile } from '../ace/envelope.ts';
import { identityOf } from '../ace/identity.ts';
import { fileTimeOf, type OutcomeLine } from '../journal/journal.ts';
import { versionOf } from '../mapping/inbound-arrival.ts';
import type { ReasonCode } from '../mapping/reasons.ts';
import { stoppedByPerson } from '../mapping/row-status.ts';
import type { Stamp } from '../mapping/sync-state.ts';
import { withinTime } from '../within-time.ts';
import type { Dependencies } from './dependencies.ts';
import { type LinkKey, readLinked } from './linked-records.ts';
import type { SettledFile } from './record-file-outcome.ts';
import { type ArchivedRun, type PutAt, type RunnableFile, runArchived, startArchived } from './run-archived.ts';

const stopped: ReasonCode = 'STOPPED';
const dayMs = 24 * 60 * 60 * 1000;
/** How far back the ledger is read, in steps: most records are not stopped for long, and a year of lines is much to read. */
const windowsInDays = [1, 8, 32, 366];
/** Whatever the upload sends afterwards is compared with what came in; a busy worker does not keep the round for longer. */
const longestWaitMs = 20_000;

/** A file that came while the record was stopped, with the version of the record in it. */
interface MissedExport {
  readonly file: RunnableFile;
  /** lastModifiedDate, ISO 8601. */
  readonly at: string;
  readonly putAt: PutAt;
}

type Ledger = (days: number | null) => Promise<readonly OutcomeLine[]>;

/**
 * Brings in what AWS exported of a record while a person had stopped it. Those files were settled without it, and AWS
 * exports again only what changes again, so the newest of them runs once more from the journal.
 */
export function bringInMissed(deps: Pick<Dependencies, 'client' | 'config' | 'journal' | 'log' | 'now'>) {
  const ledger = sharedLedger(deps);
  return async ({ aceId, recordId }: Pick<Stamp, 'aceId' | 'recordId'>): Promise<void> => {
    // A new record whose answer was lost has no ACE id here yet: the export that shows it was found by ours.
    const isMine = (line: OutcomeLine) =>
      (line.aceId !== null && line.aceId === aceId) || (line.crmId !== null && line.crmId === recordId);
    const missed = await newestMissed(deps.journal, ledger, isMine);
    if (missed === null) return;
    const { file, putAt } = missed;
    deps.log.info({ aceId, recordId, file: file.sha }, 'An export that came while the record was stopped runs again.');
    await withinTime<ArchivedRun>(longestWaitMs, runArchived(deps, file, putAt, deps.now()), () => 'waits');
  };
}

/** The lines of the last days, or all; records that are resumed together share one reading. */
function sharedLedger({ journal, now }: Pick<Dependencies, 'journal' | 'now'>): Ledger {
  const underWay = new Map<number | null, Promise<readonly OutcomeLine[]>>();
  return (days) => {
    const since = days === null ? undefined : new Date(now().getTime() - days * dayMs);
    const reading = underWay.get(days) ?? journal.outcomes(since).finally(() => underWay.delete(days));
    underWay.set(days, reading);
    return reading;
  };
}

/**
 * A record may be resumed between the look at its row and the line that says it was left out: the person's Resume found
 * no such line, so whoever wrote it looks once more, and runs the file again.
 */
export async function bringInResumed(
  deps: Dependencies,
  { object, file, outcomes }: Pick<SettledFile, 'object' | 'file' | 'outcomes'>,
): Promise<void> {
  const { journalSha: sha, size: bytes } = file;
  const keys = outcomes
    .filter(({ code }) => code === stopped)
    .flatMap(({ aceId, crmId }): LinkKey[] => (crmId !== null ? [{ crmId }] : aceId !== null ? [{ aceId }] : []));
  if (keys.length === 0 || sha === undefined) return;
  const states = await readLinked(deps, object, keys);
  if (states.every(({ linked: { row } }) => stoppedByPerson(row?.fields ?? null))) return;
  await startArchived(deps, { sha, object, bytes }, file.lastModified, deps.now());
}

async function newestMissed(
  journal: Dependencies['journal'],
  ledger: Ledger,
  isMine: (line: OutcomeLine) => boolean,
): Promise<MissedExport | null> {
  for (const days of [...windowsInDays, null]) {
    const lines = (await ledger(days)).filter(isMine);
    const last = lines.findLastIndex(isHeard);
    if (last < 0 && days !== null) continue;
    const missed = lines.slice(last + 1).filter(({ kind, code }) => kind === 'outboundRecord' && code === stopped);
    const versions = await Promise.all(missed.map((line) => versionIn(journal, line)));
    const known = versions.filter((version) => version !== null);
    return known.sort(byVersion).at(-1) ?? null;
  }
  return null;
}

/** By AWS's version, then by when the file was put. */
const byVersion = (one: MissedExport, other: MissedExport): number =>
  one.at.localeCompare(other.at) || (one.putAt ?? '').localeCompare(other.putAt ?? '');

/** From here on the CRM heard of every export again: what came before is nothing that was missed. */
const isHeard = ({ kind, outcome }: OutcomeLine): boolean =>
  kind === 'action'
    ? outcome === 'Resume'
    : kind === 'outboundRecord' && (outcome === 'applied' || outcome === 'unchanged');

/** The file of a line with the version of the line's record in it; null when the journal keeps it no longer. */
async function versionIn(journal: Dependencies['journal'], line: OutcomeLine): Promise<MissedExport | null> {
  const { aceId, sha } = line;
  const bytes = sha === undefined ? null : await journal.read(sha);
  if (sha === undefined || bytes === null) return null;
  const read = readAceFile(bytes, { key: sha });
  if (!read.ok) return null;
  const record = read.records.findLast((candidate) => identityOf(read.object, candidate).aceId === aceId);
  const at = record === undefined ? null : versionOf(record);
  return at === null ? null : { file: { sha, object: read.object, bytes: bytes.length }, at, putAt: fileTimeOf(line) };
}
