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

export function hasErrors(problems: readonly RuleProblem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}
