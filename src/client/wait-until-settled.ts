import { setTimeout as delay } from 'node:timers/promises';
import { type Client, QueryNotRegisteredError, ServiceError } from '@temporalio/client';
import { detectorState } from '../workflows/messages.ts';
import { detectorWorkflowId, scanNow } from './schedules.ts';
import { readStatus } from './status.ts';

interface DrainableSimulator {
  state(): Promise<{ readonly drained: boolean; readonly now: string }>;
}

/** Milliseconds between two looks; only how soon the end is noticed depends on it. */
const lookEvery = 1000;

/**
 * Resolves when nothing moves any more: the simulator has nothing to export, take or review, no workflow works, and a
 * full round of scans and change detection after that found nothing to do.
 */
export async function waitUntilSettled(
  simulator: DrainableSimulator,
  client: Client,
  connection: string,
  say: (line: string) => void,
): Promise<void> {
  let quietSince: DetectorMark | null = null;
  let last = '';
  for (;;) {
    const { drained, now } = await simulator.state();
    const status = await readStatus(client, connection, []);
    const line = `  ${now.slice(0, 16)} at ACE: ${drained ? 'drained' : 'busy'}; ${status.working} at work, ${status.held.length} waiting`;
    if (line.slice(20) !== last.slice(20)) say(line);
    last = line;
    const mark = await detectorMark(client, connection);
    if (!drained || status.working > 0 || mark === null) quietSince = null;
    else if (quietSince === null) {
      quietSince = mark;
      await scanNow(client, connection);
    } else if (
      mark.rounds >= quietSince.rounds + 2 &&
      mark.signalled === quietSince.signalled &&
      mark.run === quietSince.run
    ) {
      if ((await scansUnderWay(client, connection)) === 0) return;
    } else if (mark.signalled !== quietSince.signalled || mark.run !== quietSince.run) quietSince = null;
    await delay(lookEvery);
  }
}

interface DetectorMark {
  readonly run: string;
  readonly rounds: number;
  readonly signalled: number;
}

/** Null while no worker answers, as in the first seconds after a start or a restart. */
async function detectorMark(client: Client, connection: string): Promise<DetectorMark | null> {
  const handle = client.workflow.getHandle(detectorWorkflowId(connection));
  try {
    const [{ rounds, signalled }, { runId }] = await Promise.all([handle.query(detectorState), handle.describe()]);
    return { run: runId, rounds, signalled };
  } catch (error) {
    if (error instanceof ServiceError || error instanceof QueryNotRegisteredError) return null;
    throw error;
  }
}

async function scansUnderWay(client: Client, connection: string): Promise<number> {
  const query = `AceConnection = '${connection}' AND ExecutionStatus = 'Running' AND WorkflowType IN ('scanOutbound', 'scanResults')`;
  return (await client.workflow.count(query)).count;
}
