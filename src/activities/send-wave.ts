import { createHash } from 'node:crypto';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { writeAceFile } from '../ace/envelope.ts';
import { makeInboundFileName, parseInboundFileName } from '../ace/file-name.ts';
import { identityFields } from '../ace/identity.ts';
import { folderPrefix } from '../bucket/folders.ts';
import { AceSyncError } from '../errors.ts';
import { emptySentState, type Send, withSend, writeState } from '../mapping/sync-state.ts';
import { type BackfillRow, backfillPlanSchema } from './backfill-plan.ts';
import { obstacles } from './decide-upload.ts';
import type { Dependencies } from './dependencies.ts';
import { expectWritten } from './expect-written.ts';
import { type LinkedState, readPairs, writeRow } from './linked-records.ts';
import { noteOutcomes, sentLine } from './note-outcome.ts';
import { whatDoesAceKnow } from './what-does-ace-know.ts';

const object = 'opportunity';

export interface SentWave {
  readonly name: string;
  readonly crmIds: readonly string[];
  readonly aceIds: readonly string[];
}

/**
 * Sends one confirmed wave: reserves its records by an intent on each that names the shared file, then puts the file.
 * Done again after a crash it finds its intents and its file, and sends nothing twice.
 */
export function sendWave(deps: Dependencies) {
  return async (input: { planSha: string; wave: number }): Promise<SentWave> => {
    const rows = (await readPlanRows(deps, input.planSha)).filter((row) => row.wave === input.wave);
    const states = await readPairs(deps, object, rows);
    const bytes = render(deps, rows);
    const send = waveSend(deps, input.wave, bytes, states);
    for (const state of states) waitUntilFree(state, send);
    // All at once, so that they share calls.
    await Promise.all(
      rows.map(async (row, position) => {
        const state = states[position];
        if (state !== undefined) await reserve(deps, row, state, send);
      }),
    );
    const { attempt } = Context.current().info;
    const known = attempt > 1 ? await whatDoesAceKnow(deps, object, send.name) : null;
    await deps.journal.archive(bytes);
    // By these lines a result finds the records of the wave, also one that names none of them.
    const lines = rows.map(({ crmId, aceId }, index) => sentLine(object, send, { crmId, aceId, index }));
    await noteOutcomes(deps, lines);
    if (known === null || (known.inbound === 'absent' && known.archived !== 'present' && known.result === 'absent')) {
      await deps.bucket.put(folderPrefix(object, 'inbound') + send.name, bytes);
    }
    return { name: send.name, crmIds: rows.map((row) => row.crmId), aceIds: rows.map((row) => row.aceId) };
  };
}

export async function readPlanRows({ journal }: Dependencies, planSha: string): Promise<readonly BackfillRow[]> {
  const bytes = await journal.read(planSha);
  if (bytes === null) throw new AceSyncError('OBJECT_GONE', 'The plan of the backfill is not in the journal.');
  return backfillPlanSchema.parse(JSON.parse(bytes.toString('utf8'))).rows;
}

function render({ config }: Dependencies, rows: readonly BackfillRow[]): Buffer {
  const names = identityFields[object];
  return writeAceFile({
    object,
    version: config.ace.payloadVersion,
    spmsId: config.ace.spmsId,
    records: rows.map((row) => ({ [names.ace]: row.aceId, [names.partner]: row.crmId })),
  });
}

/** The wave's one name: of an intent that an earlier attempt left, else made from the time the wave was scheduled. */
function waveSend({ config }: Dependencies, wave: number, bytes: Buffer, states: readonly LinkedState[]): Send {
  const sha = createHash('sha256').update(bytes).digest('hex');
  const earlier = states.map((state) => state.intent).find((intent) => intent !== null && isOfWave(intent, wave, sha));
  if (earlier) return earlier;
  const at = new Date(Context.current().info.scheduledTimestampMs);
  const name = makeInboundFileName({ prefix: config.installation, object, recordId: `w${wave}`, sha, attempt: 1, at });
  return { name, sha, at: at.toISOString(), kind: 'update', fields: {} };
}

function isOfWave(intent: Send, wave: number, sha: string): boolean {
  return intent.sha === sha && parseInboundFileName(intent.name)?.recordId === `w${wave}`;
}

/** One record has one file on its way (design.md, promise 4): the wave waits, whole, until each of its records is free. */
function waitUntilFree({ intent, obstacle, stamp }: LinkedState, send: Send): void {
  if (obstacle === null && (intent === null || intent.name === send.name)) return;
  throw ApplicationFailure.create({
    type: 'WAVE_RECORD_BUSY',
    message: `Record ${stamp.recordId}: ${obstacle === null ? `${intent?.name} is on its way` : obstacles[obstacle].code}.`,
  });
}

async function reserve(deps: Dependencies, row: BackfillRow, state: LinkedState, send: Send): Promise<void> {
  if (state.intent?.name === send.name || state.sent?.sends.some((other) => other.name === send.name)) return;
  const stamped = { ...state, stamp: { ...state.stamp, aceId: row.aceId } };
  const before = state.sent ?? emptySentState(stamped.stamp);
  const sent = withSend({ ...before, stamp: stamped.stamp, partnerId: before.partnerId ?? row.crmId }, send);
  const outcome = await writeRow(deps, object, stamped, {
    ACE_Id__c: row.aceId,
    Object__c: object,
    Status__c: 'Sending',
    Reason__c: `The identifier is on its way to AWS (backfill, file ${send.name}).`,
    Reason_Code__c: 'BACKFILL_SENDING',
    Sending__c: writeState(send),
    Sent_State__c: writeState(sent),
  });
  expectWritten(outcome, `reservation of ${row.crmId}`);
}
