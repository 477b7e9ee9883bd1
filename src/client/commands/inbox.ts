import { type Client, QueryNotRegisteredError, ServiceError } from '@temporalio/client';
import type { Command } from 'commander';
import type { Configuration } from '../../config/configuration.ts';
import { AceSyncError, catalogue, fixByLabels } from '../../errors.ts';
import { createJournal } from '../../journal/journal.ts';
import { fileState, type RecordOutcome, type UploadState, uploadState } from '../../workflows/messages.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { connectTemporal } from '../connect.ts';
import { readRejectedFiles } from '../rejected-files.ts';
import { type HeldItem, readStatus } from '../status.ts';

/** One thing that waits, with everything a person needs to move it on. */
interface InboxItem {
  readonly id: string;
  readonly kind: HeldItem['kind'];
  readonly code: string;
  readonly reason: string;
  readonly since: string;
  readonly fixBy: string;
  readonly action: string;
  readonly workflowId: string;
}

export function registerInbox(program: Command): void {
  program
    .command('inbox')
    .description(
      'List everything that is held, and files that nobody can read: what, why, since when, who can fix it, what to do.',
    )
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action(async (options: { config?: string; json?: boolean }) => {
      const config = configurationOf(options);
      const temporal = await connectTemporal(config);
      try {
        const { held, heldConnection } = await readStatus(temporal.client, config.connection, []);
        if (heldConnection !== null) process.stderr.write(`${heldConnection}\n`);
        const items = [
          ...(await describeAll(temporal.client, held)),
          ...(await rejectedItems(config, temporal.client)),
        ];
        if (options.json) process.stdout.write(`${JSON.stringify(items)}\n`);
        else process.stdout.write(items.length === 0 ? 'Nothing is held.\n' : `${items.map(textOf).join('\n\n')}\n`);
      } finally {
        await temporal.close();
      }
    });
}

/** Each as its workflow tells it. Workflows are silent without a worker: then by what Temporal shows of them. */
async function describeAll(client: Client, held: readonly HeldItem[]): Promise<readonly InboxItem[]> {
  const items: InboxItem[] = [];
  let silent = false;
  for (const item of held) {
    try {
      items.push(...(silent ? [shown(item)] : await describe(client, item)));
    } catch (error) {
      if (!(error instanceof ServiceError || error instanceof QueryNotRegisteredError)) throw error;
      silent = true;
      items.push(shown(item));
    }
  }
  return items;
}

function shown({ workflowId, kind, reason, crmId, file, since }: HeldItem): InboxItem {
  const id = crmId ?? file ?? workflowId;
  const action = `start ace-sync worker, then: ace-sync retry ${id}`;
  return {
    id,
    kind,
    code: reason,
    reason: 'No worker tells why.',
    since,
    fixBy: fixByLabels.engineer,
    action,
    workflowId,
  };
}

async function describe(client: Client, item: HeldItem): Promise<readonly InboxItem[]> {
  const handle = client.workflow.getHandle(item.workflowId);
  const common = { kind: item.kind, workflowId: item.workflowId };
  if (item.kind !== 'outboundFile') {
    const state: UploadState = await handle.query(uploadState);
    // A file on its way, whose answer nobody misses yet, is not held.
    if (state.phase === 'waitingForResult' && state.code === null) return [];
    const fixBy = state.fixBy === null ? fixByLabels.nobody : fixByLabels[state.fixBy];
    const action =
      state.phase === 'held'
        ? `correct it in the CRM, or: ace-sync retry ${item.crmId}`
        : 'nothing: it moves on by itself';
    return [
      {
        ...common,
        id: item.crmId ?? item.workflowId,
        code: state.code ?? item.reason,
        reason: state.reason ?? '',
        since: state.since ?? item.since,
        fixBy,
        action,
      },
    ];
  }
  const { outcomes, parkedSince } = await handle.query(fileState);
  return outcomes
    .filter(({ outcome }: RecordOutcome) => outcome === 'parked')
    .map(({ index, aceId, code, problem }: RecordOutcome) => ({
      ...common,
      id: aceId ?? `${item.file} record ${index}`,
      code,
      reason: problem === undefined ? code : `${problem.message} ${problem.fix}`,
      since: parkedSince ?? item.since,
      fixBy: fixByLabels[problem?.fixBy ?? 'engineer'],
      action: `ace-sync retry ${item.file} --records ${index}`,
    }));
}

/** What is held is worth listing also when the bucket cannot be asked. */
async function rejectedItems(config: Configuration, client: Client): Promise<readonly InboxItem[]> {
  try {
    const outcomes = await createJournal(config.journal).outcomes();
    const { fix: action, fixBy } = catalogue.FILE_UNREADABLE;
    return (await readRejectedFiles(config, client, outcomes)).map(({ key, ...file }) => ({
      ...file,
      id: key,
      fixBy: fixByLabels[fixBy],
      action,
    }));
  } catch (error) {
    if (!(error instanceof AceSyncError)) throw error;
    process.stderr.write(`Files that nobody can read are not listed: ${error.message} [${error.code}]\n`);
    return [];
  }
}

const textOf = ({ id, code, reason, since, fixBy, action }: InboxItem): string =>
  `${id}  since ${since.slice(0, 16)}Z  ${fixBy}\n  ${reason} [${code}]\n  ${action}`;
