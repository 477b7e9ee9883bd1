import type { AceRecord } from '../ace/ace-record.ts';
import { readAceFile } from '../ace/envelope.ts';
import { identityOf } from '../ace/identity.ts';
import type { OutcomeLine } from '../journal/journal.ts';
import { versionOf } from '../mapping/inbound-arrival.ts';
import type { ReasonCode } from '../mapping/reasons.ts';
import { withinTime } from '../within-time.ts';
import type { Dependencies } from './dependencies.ts';
import { type ArchivedFile, type ArchivedRun, describeArchived, runArchived } from './run-archived.ts';

const stopped: ReasonCode = 'STOPPED';
const dayMs = 24 * 60 * 60 * 1000;
/** How far back the ledger is read, in steps: most records are not stopped for long, and a year of lines is much to read. */
const windowsInDays = [1, 8, 32, 366];
/** Whatever the upload sends afterwards is compared with what came in; a busy worker does not keep the round for longer. */
const longestWaitMs = 20_000;

/**
 * Brings in what AWS exported of a record while a person had stopped it. Those files were settled without it, and AWS
 * exports again only what changes again, so the newest of them runs once more from the journal.
 */
export async function bringInMissed(
  deps: Pick<Dependencies, 'client' | 'config' | 'journal' | 'log' | 'now'>,
  aceId: string | null,
): Promise<void> {
  const file = aceId === null ? null : await newestMissed(deps, aceId);
  if (file === null) return;
  deps.log.info({ aceId, file: file.sha }, 'An export that came while the record was stopped runs again.');
  await withinTime<ArchivedRun>(longestWaitMs, runArchived(deps, file, deps.now()), () => 'waits');
}

async function newestMissed(
  { journal, now }: Pick<Dependencies, 'journal' | 'now'>,
  aceId: string,
): Promise<ArchivedFile | null> {
  const since = windowsInDays.map((days) => new Date(now().getTime() - days * dayMs));
  for (const from of [...since, undefined]) {
    const lines = (await journal.outcomes(from)).filter((line) => line.aceId === aceId);
    const last = lines.findLastIndex(isHeard);
    if (last < 0 && from !== undefined) continue;
    const missed = lines.slice(last + 1).filter(({ kind, code }) => kind === 'outboundRecord' && code === stopped);
    return newestOf(
      await Promise.all([...new Set(missed.flatMap(({ sha }) => sha ?? []))].map((sha) => journal.read(sha))),
    );
  }
  return null;

  function newestOf(files: readonly (Buffer | null)[]): ArchivedFile | null {
    const known = files.flatMap((bytes) => {
      const file = bytes === null ? null : describeArchived(bytes);
      const at = bytes === null ? null : versionIn(bytes, aceId);
      return file === null || at === null ? [] : [{ file, at }];
    });
    return known.sort((one, other) => one.at.localeCompare(other.at)).at(-1)?.file ?? null;
  }
}

/** From here on the CRM heard of every export again: what came before is nothing that was missed. */
const isHeard = ({ kind, outcome }: OutcomeLine): boolean =>
  kind === 'action'
    ? outcome === 'Resume'
    : kind === 'outboundRecord' && (outcome === 'applied' || outcome === 'unchanged');

/** The version of the record in a file that AWS wrote. */
function versionIn(bytes: Buffer, aceId: string): string | null {
  const file = readAceFile(bytes, { key: aceId });
  const isMine = (record: AceRecord) => file.ok && identityOf(file.object, record).aceId === aceId;
  const record = file.ok ? file.records.findLast(isMine) : undefined;
  return record === undefined ? null : versionOf(record);
}
