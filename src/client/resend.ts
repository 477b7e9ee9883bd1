import { planRecord } from '../activities/decide-upload.ts';
import type { PlanningDependencies } from '../activities/dependencies.ts';
import { withDueFields } from '../activities/resend-fields.ts';
import type { SharedObject } from '../crm/crm.ts';
import type { OutboundDecision } from '../mapping/outbound-fields.ts';
import { readInBatches } from './read-in-batches.ts';

export interface ResendTarget {
  readonly object: SharedObject;
  readonly crmId: string;
}

export interface ResendPlan {
  /** Records with at least one of the fields to send, now or once ACE takes changes. */
  readonly targets: readonly ResendTarget[];
  /** How many records have which outcome, by ACE field. */
  readonly fields: readonly { readonly aceField: string; readonly decision: Outcome; readonly records: number }[];
  /** Records that ACE does not know yet, which are sent whole, or that are not there. */
  readonly unknownToAce: number;
}

type Outcome = OutboundDecision['decision'];

const goesOut = new Set<Outcome>(['send', 'closed']);

/** What sending the present values of these ACE fields would do. Reads only. */
export async function planResend(
  deps: PlanningDependencies,
  wanted: readonly ResendTarget[],
  aceFields: readonly string[],
): Promise<ResendPlan> {
  const targets: ResendTarget[] = [];
  const fields = new Map<string, ResendPlan['fields'][number]>();
  let unknownToAce = 0;
  for (const [object, records] of Map.groupBy(wanted, (target) => target.object)) {
    for await (const [target, state] of readInBatches(deps, object, records)) {
      if (state.stamp.aceId === null || state.linked.record === null) {
        unknownToAce += 1;
        continue;
      }
      const { decisions } = await planRecord(deps, object, withDueFields(deps, object, state, aceFields));
      const asked = decisions.filter(({ aceField }) => aceFields.includes(aceField));
      for (const { aceField, decision } of asked) {
        const key = `${aceField} ${decision}`;
        fields.set(key, { aceField, decision, records: (fields.get(key)?.records ?? 0) + 1 });
      }
      if (asked.some(({ decision }) => goesOut.has(decision))) targets.push(target);
    }
  }
  return { targets, fields: [...fields.values()], unknownToAce };
}

const words: Readonly<Partial<Record<Outcome, string>>> = {
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
