/** What other people built into the org: flows, triggers, duplicate rules, locks. All of it can break a sync. */

/** A record-triggered flow: before a save it sets one field to the value of a formula. */
export interface FieldRewrite {
  readonly object: string;
  readonly on: 'insert' | 'update' | 'save';
  /** Only where this formula is true. */
  readonly when?: string;
  readonly field: string;
  readonly formula: string;
}

/** An Apex trigger that throws: every row of its transaction fails, as with an uncaught exception. */
export interface FailingTrigger {
  readonly name: string;
  readonly object: string;
  readonly on: 'insert' | 'update' | 'save';
  /** Fails when any row makes this formula true. */
  readonly when?: string;
  /** Fails when one transaction has more rows than this, as a trigger does that meets a governor limit. */
  readonly moreRowsThan?: number;
  readonly exception: string;
}

export interface DuplicateRule {
  readonly name: string;
  readonly object: string;
  /** Rows that agree in all these fields are duplicates. */
  readonly fields: readonly string[];
  /** An alert can be passed with `Sforce-Duplicate-Rule-Header: allowSave=true`; a block cannot. */
  readonly action: 'block' | 'alert';
  readonly message: string;
}

/** A record in an approval process. */
export interface RecordLock {
  readonly id: string;
  /** On an org administrators may edit a locked record unless Apex locked it. */
  readonly administratorsMayEdit: boolean;
}

/** A record that is not shared with a user: reads do not see it, writes are refused. */
export interface UnsharedRecord {
  readonly id: string;
  readonly userId: string;
}

export interface Automation {
  readonly fieldRewrites: readonly FieldRewrite[];
  readonly failingTriggers: readonly FailingTrigger[];
  readonly duplicateRules: readonly DuplicateRule[];
  readonly locks: readonly RecordLock[];
  readonly unshared: readonly UnsharedRecord[];
}

export const noAutomation: Automation = {
  fieldRewrites: [],
  failingTriggers: [],
  duplicateRules: [],
  locks: [],
  unshared: [],
};
