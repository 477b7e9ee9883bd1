import { beat, deliverPending } from '../notices/deliver.ts';
import { judgeEvidence, readableParts } from '../notices/judge-evidence.ts';
import { createLinks } from '../notices/links.ts';
import { createNoticeBookFile } from '../notices/notice-book.ts';
import { rememberNoticeBook } from '../notices/notice-book-memory.ts';
import { planNotices } from '../notices/plan-notices.ts';
import type { Dependencies } from './dependencies.ts';
import { gatherEvidence } from './gather-evidence.ts';

/** What one look found and sent: counts only, since it stands in the history. */
export interface Look {
  /** States that somebody should know. */
  readonly open: number;
  /** Messages that no channel has taken yet. */
  readonly undelivered: number;
  /** Parts of the evidence that could not be read. */
  readonly unknown: number;
  /** The heartbeat went out; null when none is configured. */
  readonly beat: boolean | null;
}

/**
 * One look at the connection: computes its state from evidence, notes what people must be told before anything is sent,
 * sends it, and tells the address outside that the watch is alive. A delivery that fails never fails the look, and
 * neither does a journal that is away: what was told is then remembered by the worker.
 */
export function watchConnection(deps: Dependencies) {
  const { config, now, log } = deps;
  const { notices, temporal } = config;
  // A detector that is told to look seldom is not silent because it does.
  const detectorSilentAfter = Math.max(config.watch.detectorSilentAfter, 2 * config.timing.detectInterval);
  const watch = { ...config.watch, detectorSilentAfter };
  const book = rememberNoticeBook(createNoticeBookFile(deps.journalStore), now);
  const links = createLinks({
    temporalUrl: notices.temporalUrl,
    namespace: process.env.TEMPORAL_NAMESPACE || temporal.namespace,
    salesforceUrl: notices.salesforceUrl ?? config.salesforce.loginUrl,
  });
  return async (): Promise<Look> => {
    const before = await book.read();
    const evidence = await gatherEvidence(deps, { ...before, journalAwaySince: book.awaySince() });
    const readable = readableParts(evidence);
    const at = now();
    const conditions = judgeEvidence(evidence, { connection: config.connection, settings: watch, links, now: at });
    const plan = { connection: config.connection, notices, watch, now: at };
    const learnt = {
      rhythm: evidence.rhythm ?? before.rhythm,
      credentials: [...(evidence.secrets?.credentials ?? before.credentials)],
    };
    const planned = planNotices({ ...before, ...learnt }, conditions, readable, plan);
    // Noted before it is sent: a kill between the two sends a message again, and never loses one.
    const noted = await book.write(planned);
    const sent = noted === null ? null : await book.write(await deliverPending(noted, notices, at));
    const after = sent === null ? null : await book.write(await beat(sent, notices, at));
    // Another look wrote meanwhile: it saw the same, and its word stands.
    const { alerts, pending, heartbeat } = after ?? (await book.read());
    if (pending.length > 0) {
      const codes = pending.map(({ channel, failedWith }) => `${channel} ${failedWith ?? ''}`.trim());
      log.warn({ codes }, 'Notices were not delivered; they are tried again at the next look.');
    }
    return {
      open: alerts.filter(({ raised, absent }) => raised && absent === 0).length,
      undelivered: pending.length,
      unknown: Object.keys(evidence).length - 1 - readable.size,
      beat: notices.heartbeat === undefined ? null : heartbeat.failedWith === null,
    };
  };
}
