/** What a check found: an error keeps the sync from working, a warning will hold some records, a note is worth knowing. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'note';
  /** Stable code, for `--json`. */
  readonly code: string;
  readonly object: string;
  readonly field?: string;
  readonly message: string;
  readonly fix: string;
}

/** One CRM path of the mapping, and what the mapping does with it. */
export interface MappedPath {
  readonly object: 'opportunity' | 'lead';
  readonly path: string;
  /** `search` finds records by its value; `create` fills it on a related record that the sync makes. */
  readonly access: 'read' | 'write' | 'search' | 'create';
  /** Longest text in characters that ACE can deliver. */
  readonly maxLength?: number;
  /** CRM values that the mapping can write. */
  readonly values?: readonly string[];
}

const setUp = 'Run `ace-sync salesforce setup`, or deploy the source folder.';
export const fixes = { setUp } as const;
