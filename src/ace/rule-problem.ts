import type { Problem } from '../errors.ts';

/**
 * A problem that the contract finds. `error`: ACE refuses the record or file. `warning`: ACE takes it, and drops or ignores
 * something, or a file from ACE holds what the contract does not know.
 */
export interface RuleProblem extends Problem {
  readonly severity: 'error' | 'warning';
  /** Index of the record in its file; null for a problem of the whole file; absent when one record was checked alone. */
  readonly record?: number | null;
  /**
   * ACE's own text, with `<value>` and `<country>` in place of the record's values (`aceErrors` fills them in). Absent where
   * ACE's text was not found.
   */
  readonly aceText?: string;
  /** False where the text or the rule is an inference; absent means that a source holds it. */
  readonly verified?: boolean;
}

/** Codes of rules on lists that grow without notice, so that only ACE knows whether the record breaks them. */
const onlyAceKnows: ReadonlySet<string> = new Set(['ACE_UNLISTED_CODE']);

/**
 * True when a record with this problem should not be sent. Errors hold it, save those on open lists: there our list may be
 * the older one, and a refusal by ACE costs less than a record that can never be sent.
 */
export function blocksUpload(problem: RuleProblem): boolean {
  return problem.severity === 'error' && !onlyAceKnows.has(problem.code);
}

export function hasErrors(problems: readonly RuleProblem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}
