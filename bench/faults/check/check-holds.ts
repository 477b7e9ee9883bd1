import type { Evidence, Run, Violation } from '../evidence.ts';
import { textOf } from './read-files.ts';

const silent = (where: string, what: string): Violation => ({ promise: 'silentlyParked', where, what });

const needSomebody = new Set<unknown>(['Needs data', 'Needs attention', 'Conflict', 'Held', 'Sending']);
const waitingOutcomes = new Set<unknown>(['held', 'waiting', 'parked', 'rejected']);
const ofRecords = new Set(['uploadRecord', 'processOutboundFile', 'processResultFile']);

/** Whatever waits says so: in the CRM with a sentence and somebody who can help, in Temporal with an outcome and a reason. */
export function checkHolds(evidence: Evidence): readonly Violation[] {
  return [...rows(evidence), ...runs(evidence), ...files(evidence), ...moving(evidence)];
}

function rows({ crm }: Evidence): Violation[] {
  return crm.rows.ACE_Sync__c.flatMap((row) => {
    const where = `row ${row.Id}`;
    const found: Violation[] = [];
    if (needSomebody.has(row.Status__c)) {
      for (const field of ['Reason__c', 'Reason_Code__c', 'Fix_By__c']) {
        if (textOf(row[field]) === null) found.push(silent(where, `${row.Status__c} with an empty ${field}`));
      }
    }
    if (textOf(row.Action__c) !== null) found.push(silent(where, `action ${row.Action__c} was never taken up`));
    return found;
  });
}

function runs({ runs: all }: Evidence): Violation[] {
  return [...lastRuns(all).values()].flatMap(({ workflowId, type, status, attributes }) => {
    if (!ofRecords.has(type)) return [];
    if (status === 'RUNNING') {
      if (!waitingOutcomes.has(attributes.AceOutcome))
        return [silent(workflowId, 'runs without saying what it waits for')];
      return attributes.AceReason ? [] : [silent(workflowId, `${attributes.AceOutcome} without a reason`)];
    }
    return status === 'COMPLETED' ? [] : [silent(workflowId, `ended ${status}`)];
  });
}

function lastRuns(all: readonly Run[]): ReadonlyMap<string, Run> {
  const last = new Map<string, Run>();
  for (const run of all) {
    const before = last.get(run.workflowId);
    if (before === undefined || before.startedAt <= run.startedAt) last.set(run.workflowId, run);
  }
  return last;
}

/** A file that lies in an outbound folder is tagged as final, or a workflow waits with it or rejected it. */
function files({ bucket, runs: all }: Evidence): Violation[] {
  // Where the bucket refused the tag, the rejecting workflow alone tells, and `inbox` reads it there.
  const tells = ({ status, attributes }: Run) => status === 'RUNNING' || attributes.AceOutcome === 'rejected';
  const waiting = [...lastRuns(all).values()].filter(tells);
  return bucket.flatMap(({ key, tags }) => {
    if (!/^(opportunity|lead)-outbound\//.test(key)) return [];
    const name = key.slice(key.lastIndexOf('/') + 1);
    const final = Object.values(tags).some((value) => /rejected|dismissed|settled/.test(value));
    const held = waiting.some(({ workflowId }) => workflowId.includes(`/${name}/`));
    return final || held ? [] : [silent(key, 'lies in the folder and nobody works on it')];
  });
}

const moving = ({ unsettled }: Evidence): Violation[] =>
  unsettled.map((what) => silent('after the day', `did not settle: ${what}`));
