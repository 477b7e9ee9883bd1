import { softwareVersion } from '../software-version.ts';
import type { Dependencies } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';

/** Milliseconds between two heartbeats when nothing changed: often enough for a watch that alerts after hours. */
const heartbeatInterval = 5 * 60_000;

/** The heartbeat that a report or flow in the CRM can watch: dead workers cannot report themselves (rule 14). */
export function createDetectorHeartbeat(deps: Dependencies): (reason: string | null) => Promise<void> {
  const { crm, config, mapping, now, client, hold } = deps;
  let last: { readonly at: number; readonly reason: string | null } | null = null;
  return async (reason) => {
    const at = now().getTime();
    if (last !== null && last.reason === reason && at - last.at < heartbeatInterval) return;
    const waiting = `AceConnection = '${config.connection}' AND ExecutionStatus = 'Running' AND AceOutcome IN ('held', 'parked')`;
    const { count } = await client.workflow.count(waiting);
    const incident = await hold.incident();
    const fields = {
      Heartbeat__c: now().toISOString(),
      Mode__c: config.mode,
      Mapping_Version__c: mapping.version,
      Software_Version__c: softwareVersion,
      Lease__c: config.installation,
      Held_Records__c: count,
      ...(incident === 'open' ? {} : { Held__c: false, Hold_Reason__c: reason?.slice(0, 255) ?? null }),
    };
    const key = { externalId: 'Connection__c', value: config.connection };
    expectWritten(await crm.write('connection', key, fields), 'connection row');
    last = { at, reason };
  };
}
