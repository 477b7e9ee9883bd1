/**
 * Records a history of every workflow type from a run of the main job into `test/replay/histories/`, to be replayed by
 * later versions of the code: `npm run record-histories`. Run it after a change that is meant to change workflows, and
 * keep histories of releases that may still have running workflows.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { runCommand, startCommand } from '../end-to-end/command-line.ts';
import { connectSandbox, type SandboxSides } from '../end-to-end/sandbox-sides.ts';
import { waitUntil } from '../support/wait-until.ts';
import { encodeHistory, historiesFolder } from './history-files.ts';

/** What is recorded: a type, a name for what happened, and how to tell such a run. Small histories are preferred. */
interface Wanted {
  readonly type: string;
  readonly what: string;
  readonly is: (run: WorkflowExecutionInfo) => boolean;
  /** Least and most events, where the end of the run alone does not tell what happened in it. */
  readonly events?: readonly [least: number, most: number];
}

const completed = (run: WorkflowExecutionInfo) => run.status.name === 'COMPLETED';
const continued = (run: WorkflowExecutionInfo) => run.status.name === 'CONTINUED_AS_NEW';
const running = (run: WorkflowExecutionInfo) => run.status.name === 'RUNNING';

const wanted: readonly Wanted[] = [
  { type: 'scanOutbound', what: 'started-files', is: completed, events: [20, 400] },
  { type: 'scanResults', what: 'started-files', is: completed, events: [15, 400] },
  { type: 'processOutboundFile', what: 'processed', is: completed },
  { type: 'processOutboundFile', what: 'parked', is: continued },
  { type: 'processOutboundFile', what: 'waits-parked', is: running },
  { type: 'processResultFile', what: 'handled', is: completed },
  { type: 'uploadRecord', what: 'accepted', is: completed, events: [25, 400] },
  { type: 'uploadRecord', what: 'held', is: continued, events: [8, 24] },
  { type: 'uploadRecord', what: 'sent-then-waits', is: continued, events: [25, 400] },
  { type: 'uploadRecord', what: 'waits-held', is: running },
  { type: 'detectChanges', what: 'rounds', is: (run) => running(run) || continued(run) },
  { type: 'watchConnection', what: 'looked', is: completed },
  { type: 'backfillOpportunities', what: 'waits-for-confirmation', is: running },
];

const folder = await mkdtemp(join(tmpdir(), 'ace-sync-histories-'));
const say = (line: string) => process.stderr.write(`${line}\n`);
try {
  say('Running the main job once.');
  const once = await runCommand('start', '--once', '--json', '--fresh', '--data', folder);
  if (once.code !== 0) throw new Error(once.stderr);
  const again = startCommand('start', '--data', folder);
  try {
    await waitUntil('the second start', () => again.stderr().includes('Running. See'));
    const sides = await connectSandbox(folder);
    await planBackfill(sides, folder);
    await mkdir(historiesFolder, { recursive: true });
    for (const one of wanted) await record(sides.temporal.client, one);
    await sides.close();
  } finally {
    again.child.kill('SIGTERM');
    await again.finished;
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** A plan that nobody confirms. */
async function planBackfill({ query, temporal }: SandboxSides, data: string): Promise<void> {
  const linked = await query('SELECT Id, ACE_Id__c FROM Opportunity WHERE ACE_Id__c != null');
  const rows = linked.map(({ Id, ACE_Id__c }) => `${ACE_Id__c},${Id}\n`);
  const csv = join(data, 'backfill.csv');
  await writeFile(csv, `apnCrmUniqueIdentifier,partnerCrmUniqueIdentifier\n${rows.join('')}`);
  const planned = await runCommand('backfill', 'plan', csv, '--config', join(data, 'ace-sync.yaml'));
  if (planned.code !== 0) throw new Error(planned.stderr);
  const listing = { query: "WorkflowType = 'backfillOpportunities'" };
  await waitUntil('the plan', async () => (await temporal.client.workflow.count(listing.query)).count > 0);
}

async function record(client: Client, { type, what, is, events: [least, most] = [1, 400] }: Wanted): Promise<void> {
  for await (const run of client.workflow.list({ query: `WorkflowType = '${type}'` })) {
    if (!is(run)) continue;
    const history = await client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
    const count = history.events?.length ?? 0;
    if (count < least || count > most) continue;
    const file = `${type}.${what}.json`;
    await writeFile(historiesFolder + file, encodeHistory(history));
    say(`${file}: ${count} events`);
    return;
  }
  say(`No run of ${type} to show "${what}".`);
  process.exitCode = 1;
}
