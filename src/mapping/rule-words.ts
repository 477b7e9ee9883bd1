import type { directions, firstSyncRules, owners } from './mapping-file.ts';

/** The rules of a field in words, wherever people read them. */

export const directionWords: Readonly<Record<(typeof directions)[number], string>> = {
  in: 'comes from AWS',
  out: 'goes to AWS',
  both: 'goes both ways',
};

/** Who wins when both sides changed a value. */
export const ownerWords: Readonly<Record<(typeof owners)[number], string>> = {
  ace: 'AWS wins',
  crm: 'we win',
  ask: 'a person decides',
};

/** What the first sync does with a difference. */
export const firstSyncWords: Readonly<Record<(typeof firstSyncRules)[number], string>> = {
  keepBoth: 'keeps both',
  ace: "takes AWS's",
  crm: 'takes ours',
  fillBlanks: 'fills blanks',
  ask: 'asks',
};
