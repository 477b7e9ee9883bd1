import type { CheckRecord, RuleProblem } from '../../../src/ace/check.ts';
import { documentedSwitches } from '../../../src/ace/switches.ts';
import type { AcceptanceCase } from './acceptance-cases.ts';
import { today } from './sample-records.ts';

export interface Verdict {
  readonly refused: readonly string[];
  readonly warned: readonly string[];
  readonly problems: readonly RuleProblem[];
}

/** Fields by what became of them, each once and sorted, as the cases state it. */
export function verdictOf(check: CheckRecord, each: AcceptanceCase): Verdict {
  const switches = { ...documentedSwitches, ...each.switches };
  const problems = check({ ...each, today, switches });
  const fields = (severity: RuleProblem['severity']): readonly string[] =>
    [...new Set(problems.filter((problem) => problem.severity === severity).map(({ field }) => field ?? ''))].sort();
  return { refused: fields('error'), warned: fields('warning'), problems };
}
