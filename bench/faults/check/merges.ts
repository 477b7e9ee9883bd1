import type { Evidence } from '../evidence.ts';
import { textOf } from './read-files.ts';

/** Where people merged records: the id of the record that is left, by the id of any record. */
export function survivors({ crm }: Pick<Evidence, 'crm'>): (id: string) => string {
  const masters = new Map<string, string>();
  for (const { id, values } of crm.commits) {
    const master = textOf(values.MasterRecordId);
    if (master !== null) masters.set(id, master);
  }
  const survivorOf = (id: string): string => {
    const master = masters.get(id);
    return master === undefined ? id : survivorOf(master);
  };
  return survivorOf;
}
