import { createHash } from 'node:crypto';
import type { AceRecord } from '../ace/ace-record.ts';
import { classifyResultMessage } from '../ace/result-messages.ts';
import type { SharedObject } from '../crm/crm.ts';
import { AceSyncError } from '../errors.ts';
import { createDriftLedger, type OrgDrift } from '../journal/drift-ledger.ts';
import { contractDrift } from '../mapping/contract-drift.ts';
import type { Dependencies } from './dependencies.ts';

/** Milliseconds between two looks at the org's schema; a vanished field also opens the breaker at once. */
const orgInterval = 24 * 60 * 60_000;

/** Keeps fields and standard values that the contract does not know, and logs each once; records go on as they are. */
export function createAceDriftWatch({ journalStore, now, log }: Dependencies) {
  const ledger = createDriftLedger(journalStore);
  return async (object: SharedObject, records: readonly AceRecord[]): Promise<void> => {
    const seen = records.flatMap((record) => contractDrift(object, record));
    for (const { field, value } of await ledger.noteAce(seen, now().toISOString())) {
      const what = value === null ? 'a field' : 'a standard value';
      log.warn({ object, field }, `AWS exported ${what} that the contract does not know; see drift in the status.`);
    }
  };
}

/**
 * Keeps texts of processed results that the contract does not know, each once and without its words, which quote people's
 * values: by a hash of the text with values left out. The row and the archived result hold the words.
 */
export function createAnswerDriftWatch({ journalStore, now, log }: Dependencies) {
  const ledger = createDriftLedger(journalStore);
  return async (object: SharedObject, file: string, texts: readonly string[]): Promise<void> => {
    const unknown = texts.filter((text) => classifyResultMessage(text).class === 'unknown');
    const seen = unknown.map((text) => ({ object, field: 'processed result', value: `text ${fingerprint(text)}` }));
    for (const { value } of await ledger.noteAce(seen, now().toISOString()))
      log.warn(
        { object, file, value },
        'AWS answered with a text that the contract does not know; see drift in the status.',
      );
  };
}

/** What differs from record to record: quoted texts, addresses, ids and numbers. */
const values = /"[^"]*"|'[^']*'|\S*[@\d]\S*/g;

const fingerprint = (text: string): string =>
  createHash('sha256').update(text.replace(values, '*').toLowerCase()).digest('hex').slice(0, 8);

/**
 * Compares the org with the mapping once a day, and at once after another mapping was released; logs what is new. A look
 * that fails is made again at the next round, and is no fault of the round.
 */
export function createOrgDriftWatch({ journalStore, now, log, mapping, checkOrg }: Dependencies) {
  const ledger = createDriftLedger(journalStore);
  let next = 0;
  return async (): Promise<void> => {
    const at = now();
    if (at.getTime() < next) return;
    try {
      const before = await ledger.org();
      const due = before === null || before.mapping !== mapping.version ? 0 : Date.parse(before.at) + orgInterval;
      if (at.getTime() >= due) await look(before, at);
      next = Math.max(due, at.getTime()) + (at.getTime() >= due ? orgInterval : 0);
    } catch (error) {
      const code = error instanceof AceSyncError ? error.code : 'UNFORESEEN';
      log.warn({ code }, 'The org could not be compared with the mapping; it is tried again.');
    }
  };

  async function look(before: OrgDrift | null, at: Date): Promise<void> {
    const findings = (await checkOrg(mapping)).filter(({ severity }) => severity !== 'note');
    const known = new Set(before?.findings.map(({ message }) => message));
    await ledger.writeOrg({ at: at.toISOString(), mapping: mapping.version, findings });
    for (const { severity, code, object, field, message } of findings) {
      if (!known.has(message)) log.warn({ severity, code, object, field }, 'The org does not fit the mapping.');
    }
  }
}
