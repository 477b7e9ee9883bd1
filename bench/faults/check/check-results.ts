import type { Evidence, Violation } from '../evidence.ts';
import { answersOf, senderOf, textOf } from './read-files.ts';

/**
 * Reasons of rows that remember a file whose answer ACE lost: a person resends it, or stopped the record, and Resume needs
 * to know it. An answer that did come and was not heard is found by its name.
 */
const keepsItsFile: ReadonlySet<unknown> = new Set(['CREATE_WITHOUT_RESULT', 'STOPPED']);

/** Every processed result finds its upload, and goes away only after that. */
export function checkResults(evidence: Evidence): readonly Violation[] {
  const { bucket, installation, crm, journal } = evidence;
  const unhandled = (where: string, what: string): Violation => ({ promise: 'unhandledResult', where, what });
  const handled = new Set(journal.filter(({ kind }) => kind === 'upload').map(({ file }) => file));
  const left = bucket.flatMap(({ key, tags }) => {
    const name = /-inbound-processed-results\/(.+?)(?:_results?|[._]*error)\.json$/.exec(key)?.[1];
    const mine = name !== undefined && senderOf(`${name}.json`)?.installation === installation;
    return mine && Object.keys(tags).length === 0 ? [unhandled(key, 'still lies in the results folder')] : [];
  });
  const unheard = [...answersOf(evidence).keys()]
    .filter((name) => senderOf(name)?.installation === installation && !handled.has(name))
    .map((name) => unhandled(name, 'answered by ACE, but no upload heard of it'));
  const open = crm.rows.ACE_Sync__c.flatMap((row) =>
    textOf(row.Sending__c) === null || keepsItsFile.has(row.Reason_Code__c)
      ? []
      : [unhandled(`row ${row.Id}`, 'its file is still said to be on its way')],
  );
  return [...left, ...unheard, ...open];
}
