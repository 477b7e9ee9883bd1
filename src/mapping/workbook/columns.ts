import type { SharedObject } from '../../crm/crm.ts';
import { directions, firstSyncRules, owners } from '../mapping-file.ts';

/** The sheets of the workbook for the mapping meeting, as tables: what is written, and what is read back. */

/** A sheet of texts; the first row are the titles. */
export interface Sheet {
  readonly name: string;
  readonly columns: readonly SheetColumn[];
  /** One text per column. */
  readonly rows: readonly (readonly string[])[];
}

export interface SheetColumn {
  readonly title: string;
  /** In characters. */
  readonly width: number;
  /** People decide here; every other column only informs. */
  readonly decides?: true;
  /** What may be chosen. */
  readonly choices?: readonly string[];
}

/** Without it nobody could say which entry of the mapping a row is; made and read by the sync. */
const entry = { title: 'Entry', width: 40 } as const;

export const fieldColumns = {
  label: { title: 'AWS field', width: 28 },
  ace: { title: 'ACE name', width: 24 },
  meaning: { title: 'Meaning', width: 40 },
  required: { title: 'When required, and what AWS checks', width: 40 },
  crm: { title: 'CRM field', width: 30, decides: true },
  crmLabel: { title: 'CRM label', width: 26 },
  direction: { title: 'Direction', width: 11, decides: true, choices: directions },
  owner: { title: 'Owner when both changed', width: 13, decides: true, choices: owners },
  firstSync: { title: 'First sync', width: 12, decides: true, choices: firstSyncRules },
  standard: { title: "AWS's standard values", width: 36 },
  inUse: { title: 'Values in use, with records', width: 36 },
  filled: { title: 'Filled in', width: 14 },
  samples: { title: 'Samples', width: 40 },
  note: { title: 'Decided by', width: 30, decides: true },
  entry,
} as const satisfies Readonly<Record<string, SheetColumn>>;
export type FieldColumn = keyof typeof fieldColumns;

export const valueColumns = {
  object: { title: 'Object', width: 14 },
  ace: { title: 'ACE name', width: 24 },
  crm: { title: 'CRM field', width: 30 },
  aceValue: { title: 'AWS value', width: 44, decides: true },
  crmValue: { title: 'CRM value', width: 44, decides: true },
  records: { title: 'Records', width: 10 },
  entry,
} as const satisfies Readonly<Record<string, SheetColumn>>;
export type ValueColumn = keyof typeof valueColumns;

/** What an import cannot do without. */
export const readFieldColumns = ['ace', 'crm', 'direction', 'owner', 'firstSync', 'note', 'entry'] as const;
export const readValueColumns = ['aceValue', 'crmValue', 'entry'] as const;

export const fieldSheets: Readonly<Record<SharedObject, string>> = { opportunity: 'Opportunities', lead: 'Leads' };
export const valueSheet = 'Values';
export const aboutSheet = 'Read me';

/** Name of a mapping entry in the workbook, unique in the whole file. */
export const entryName = (object: SharedObject, { ace, crm }: { readonly ace: string; readonly crm: string }): string =>
  `${object}: ${ace} > ${crm}`;
