import { planRecord } from '../activities/decide-upload.ts';
import type { PlanningDependencies } from '../activities/dependencies.ts';
import { readLinked } from '../activities/linked-records.ts';
import { withDueFields } from '../activities/resend-fields.ts';
import type { SharedObject } from '../crm/crm.ts';
import type { OutboundDecision } from '../mapping/outbound-fields.ts';

export interface ResendTarget {
  readonly object: SharedObject;
  readonly crmId: string;
}

export interface ResendPlan {
  /** Records with at least one of the fields to send, now or once ACE takes changes. */
  readonly targets: readonly ResendTarget[];
  /** How many records have which outcome, by ACE field. */
  readonly fields: readonly { readonly aceField: string; readonly decision: string; readonly records: number }[];
  /** Records that ACE does not know yet, which are sent whole, or that are not there. */
  readonly unknownToAce: number;
}

/** Records read and judged at once: one shared CRM call. */
const batchSize = 200;
const goesOut = new Set<OutboundDecision['decision']>(['send', 'closed']);

/** What sending the present values of these ACE fields would do. Reads only. */
export async function planResend(
  deps: PlanningDependencies,
  wanted: readonly ResendTarget[],
  aceFields: readonly string[],
): Promise<ResendPlan> {
  const targets: ResendTarget[] = [];
  const counts = new Map<string, number>();
  let unknownToAce = 0;
  for (const [object, records] of Map.groupBy(wanted, (target) => target.object)) {
    for (let start = 0; start < records.length; start += batchSize) {
      const some = records.slice(start, start + batchSize);
      const states = await readLinked(
        deps,
        object,
        some.map(({ crmId }) => ({ crmId })),
      );
      for (const [position, state] of states.entries()) {
        const target = some[position];
        if (target === undefined || state.stamp.aceId === null || state.linked.record === null) {
          unknownToAce += 1;
          continue;
        }
        const { decisions } = await planRecord(deps, object, withDueFields(deps, object, state, aceFields));
        const asked = decisions.filter(({ aceField }) => aceFields.includes(aceField));
        for (const { aceField, decision } of asked) {
          const key = `${aceField} ${decision}`;
          counts.set(key, (counts.get(key) ?? 0) + 1);
        }
        if (asked.some(({ decision }) => goesOut.has(decision))) targets.push(target);
      }
    }
  }
  const fields = [...counts].map(([key, records]) => {
    const [aceField = '', decision = ''] = key.split(' ');
    return { aceField, decision, records };
  });
  return { targets, fields, unknownToAce };
}

const words: Readonly<Partial<Record<string, string>>> = {
  send: 'would be sent',
  closed: 'would be sent once ACE takes changes of them',
  same: 'AWS holds already',
  blank: 'are empty here',
  conflict: 'wait for a person',
  held: 'cannot be converted',
};

export function resendText({ targets, fields, unknownToAce }: ResendPlan): string {
  const lines = fields.map(
    ({ aceField, decision, records }) => `${String(records).padStart(6)} x ${aceField}: ${words[decision] ?? decision}`,
  );
  if (unknownToAce > 0) lines.push(`${String(unknownToAce).padStart(6)} records that AWS does not know`);
  lines.push(`${targets.length} records have something to send.`);
  return `${lines.join('\n')}\n`;
}
