import { decideUpload } from '../activities/decide-upload.ts';
import type { PlanningDependencies } from '../activities/dependencies.ts';
import type { LinkedState } from '../activities/linked-records.ts';
import { type QueryRow, textAt } from '../crm/salesforce/query.ts';
import { queryByCondition } from '../crm/salesforce/query-by-condition.ts';
import type { SalesforceSession } from '../crm/salesforce/session.ts';
import { recordId } from '../crm/salesforce/soql.ts';
import { fixByLabels, type Problem } from '../errors.ts';
import { readInBatches } from './read-in-batches.ts';
import { treatAsShared } from './treat-as-shared.ts';

/** Why records are not ready to be sent, by cause and owner. No values of records; owners by name. */
export interface Readiness {
  readonly records: number;
  readonly ready: number;
  readonly withProblems: number;
  /** Records that the mapping or a person keeps from AWS, by the code of the reason. */
  readonly notForAws: Readonly<Record<string, number>>;
  readonly causes: readonly Cause[];
  /** One line per record and problem. Names of records and accounts are values: for files that only the asker reads. */
  readonly lines: readonly ReadinessLine[];
}

export interface Cause {
  readonly code: string;
  readonly field: string | null;
  readonly message: string;
  readonly fix: string;
  readonly fixBy: string;
  readonly records: number;
  readonly owners: readonly { readonly owner: string; readonly records: number }[];
}

export interface ReadinessLine {
  readonly crmId: string;
  /** Names of the record and its account, by which people know it. */
  readonly name: string;
  readonly account: string;
  readonly owner: string;
  readonly problem: Problem;
}

/** Opportunities that somebody may share next. Leads come from AWS and are never shared. */
export const shareableByDefault = 'IsClosed = false';

/**
 * Puts every record through the check that precedes an upload, as if it were shared. Reads only.
 * @param where condition of a SOQL query on Opportunity.
 */
export async function readinessOf(
  deps: PlanningDependencies,
  session: SalesforceSession,
  where: string,
): Promise<Readiness> {
  const rows = await queryByCondition(session, {
    columns: 'Id, Name, Account.Name, Owner.Name',
    sobject: 'Opportunity',
    condition: where,
  });
  const people = new Map(
    rows.flatMap((row) => {
      const crmId = recordId(textAt(row, 'Id') ?? '');
      return crmId === null ? [] : [[crmId, namesOf(row)] as const];
    }),
  );
  const ids = [...people.keys()];
  const notForAws: Record<string, number> = {};
  const lines: ReadinessLine[] = [];
  const blocked = new Set<string>();
  let kept = 0;
  const keys = ids.map((crmId) => ({ crmId }));
  for await (const [{ crmId }, state] of readInBatches(deps, 'opportunity', keys)) {
    const found = await judge(deps, state);
    if (found.kind === 'notForAws') {
      kept += 1;
      notForAws[found.code] = (notForAws[found.code] ?? 0) + 1;
      continue;
    }
    for (const problem of found.problems) {
      blocked.add(crmId);
      lines.push({ crmId, ...(people.get(crmId) ?? unknownRecord), problem });
    }
  }
  return {
    records: ids.length,
    ready: ids.length - blocked.size - kept,
    withProblems: blocked.size,
    notForAws,
    causes: causesOf(lines),
    lines,
  };
}

type Names = Pick<ReadinessLine, 'name' | 'account' | 'owner'>;

const unknownRecord: Names = { name: '', account: '', owner: 'unknown' };

function namesOf(row: QueryRow): Names {
  return {
    name: textAt(row, 'Name') ?? '',
    account: textAt(row, 'Account.Name') ?? '',
    owner: textAt(row, 'Owner.Name') ?? unknownRecord.owner,
  };
}

type Judgement =
  | { readonly kind: 'judged'; readonly problems: readonly Problem[] }
  | { readonly kind: 'notForAws'; readonly code: string };

async function judge(deps: PlanningDependencies, state: LinkedState): Promise<Judgement> {
  const decision = await decideUpload(deps, 'opportunity', treatAsShared(state), { retry: false });
  if (decision.kind === 'hold') return { kind: 'judged', problems: decision.mark.problems };
  if (decision.kind === 'settled' && decision.outcome !== 'nothing') {
    return { kind: 'notForAws', code: decision.outcome === 'gone' ? 'GONE' : 'NOT_SHARED' };
  }
  return { kind: 'judged', problems: [] };
}

function causesOf(lines: readonly ReadinessLine[]): readonly Cause[] {
  const groups = Map.groupBy(lines, ({ problem }) => `${problem.code} ${problem.field ?? ''}`);
  const causes = [...groups.values()].flatMap((group): Cause[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { code, field, message, fix, fixBy } = first.problem;
    const owners = [...Map.groupBy(group, ({ owner }) => owner)]
      .map(([owner, ofOwner]) => ({ owner, records: distinct(ofOwner) }))
      .sort((one, other) => other.records - one.records);
    return [{ code, field: field ?? null, message, fix, fixBy: fixByLabels[fixBy], records: distinct(group), owners }];
  });
  return causes.sort((one, other) => other.records - one.records);
}

const distinct = (lines: readonly ReadinessLine[]): number => new Set(lines.map(({ crmId }) => crmId)).size;
