import { setTimeout as delay } from 'node:timers/promises';
import type { Stage } from './stage.ts';

type Values = Readonly<Record<string, unknown>>;

/** What still moves; empty when nothing does. */
type Movement = readonly string[];

const lookEveryMs = 1_000;

/** A probe of something held works for seconds and changes nothing; what works longer without a pause is moving. */
const longestProbeMs = 15_000;

/**
 * Waits until the dust has settled: ACE has nothing more to say, no workflow works, no file is on its way, and both sides
 * stay as they are for longer than any wait of the sync. People then press what helps once: Retry on what is held, because
 * most of it was held for reasons that are gone, Resume on what was stopped, and they answer every conflict.
 * @returns what still moved at the end of the time, in words; empty when everything settled.
 */
export async function settle(
  stage: Stage,
  { waits, settleMinutes }: { readonly waits: number; readonly settleMinutes: number },
  say: (line: string) => void,
): Promise<Movement> {
  const deadline = Date.now() + settleMinutes * 60_000;
  /** Longer than every wait of the configuration but the sweep's, which finds nothing if nothing was missed. */
  const quietMs = 24_000 * waits;
  const lasting = lastingWork(stage, longestProbeMs * waits);
  let quietSince = Date.now();
  let before = '';
  let retries = 0;
  let said = '';
  while (Date.now() < deadline) {
    const moving = await movementOf(stage, lasting);
    const now = fingerprintOf(stage);
    if (moving.length > 0 || now !== before) quietSince = Date.now();
    before = now;
    const line = moving.join(', ');
    if (line !== said) say(`  settling: ${line === '' ? 'quiet' : line}`);
    said = line;
    if (Date.now() - quietSince > quietMs) {
      if (retries === 1) return [];
      retries += 1;
      const pressed = await pressWhatHelps(stage);
      say(`  ${pressed} records get an action.`);
      if (pressed === 0) return [];
      quietSince = Date.now();
    }
    await delay(lookEveryMs);
  }
  return await movementOf(stage, lasting).then((moving) =>
    moving.length > 0 ? moving : ['values that go on changing'],
  );
}

async function movementOf(stage: Stage, lasting: () => Promise<number>): Promise<Movement> {
  const { ace } = stage;
  const moving: string[] = [];
  const state = await ace.state();
  if (!state.drained) {
    const { pendingExports, unprocessedInbound, delayedResults, pendingRequests, pendingReviews } = state;
    moving.push(
      `ACE ${JSON.stringify({ pendingExports, unprocessedInbound, delayedResults, pendingRequests, pendingReviews })}`,
    );
  }
  try {
    const atWork = await lasting();
    if (atWork > 0) moving.push(`${atWork} workflows at work`);
  } catch {
    moving.push('Temporal does not answer');
  }
  const sending = rowsOf(stage).filter((row) => row.Sending__c != null && row.Reason_Code__c !== 'STOPPED').length;
  if (sending > 0) moving.push(`${sending} files on their way`);
  const actions = rowsOf(stage).filter((row) => (row.Action__c ?? null) !== null).length;
  if (actions > 0) moving.push(`${actions} actions`);
  return moving;
}

/** @returns a look that counts the workflows that were at work at every look for longer than `milliseconds`. */
function lastingWork({ client, config }: Stage, milliseconds: number): () => Promise<number> {
  const mine = `AceConnection = '${config.connection}' AND ExecutionStatus = 'Running'`;
  const types = `WorkflowType IN ('uploadRecord', 'processOutboundFile', 'processResultFile')`;
  let since = new Map<string, number>();
  return async () => {
    const now = Date.now();
    const running = await Array.fromAsync(client().workflow.list({ query: `${mine} AND ${types}` }));
    const atWork = running.filter(({ searchAttributes }) => !waits.has(searchAttributes.AceOutcome?.[0]));
    since = new Map(atWork.map(({ runId }) => [runId, since.get(runId) ?? now]));
    return [...since.values()].filter((start) => now - start > milliseconds).length;
  };
}

const waits = new Set<unknown>(['held', 'waiting', 'parked', 'rejected']);

/** Grows whenever a row of either side is written. */
function fingerprintOf({ standIn }: Stage): string {
  const objects = ['Opportunity', 'Lead', 'ACE_Sync__c'];
  const stamps = objects.flatMap((object) =>
    standIn.administration.rows(object).map((row) => String(row.SystemModstamp)),
  );
  return `${stamps.length} ${stamps.sort().at(-1)}`;
}

const rowsOf = ({ standIn }: Stage): readonly Values[] =>
  standIn.administration.rows('ACE_Sync__c').filter((row) => row.IsDeleted !== true);

/** What helps by the status of the row; of several ways each is taken in turn. */
const helps: Readonly<Record<string, readonly string[]>> = {
  'Needs attention': ['Retry'],
  Held: ['Retry'],
  'Needs data': ['Retry'],
  Stopped: ['Resume'],
  Conflict: ['Keep ours', "Take AWS's"],
};

/** Accepting a referral and sending a create that ACE may have are decisions, not repetitions. */
const decisions = new Set<unknown>(['ACCEPTANCE_PENDING', 'CREATED_ON_ACCEPTANCE', 'CREATE_WITHOUT_RESULT']);

async function pressWhatHelps(stage: Stage): Promise<number> {
  let pressed = 0;
  for (const row of rowsOf(stage)) {
    const ways = helps[String(row.Status__c)];
    if (ways === undefined || decisions.has(row.Reason_Code__c)) continue;
    await stage.administrator.update('ACE_Sync__c', String(row.Id), { Action__c: ways[pressed % ways.length] });
    pressed += 1;
  }
  return pressed;
}
