import type { ConnectionStatus } from './status.ts';

/** The status on one screen, verdict first. */
export function statusText(connection: string, status: ConnectionStatus, webUi: string | null): string {
  const verdict =
    status.unexplained > 0 ? 'LOOK' : status.held.length > 0 || status.heldConnection !== null ? 'HELD' : 'OK';
  const records = Object.entries(status.outboundRecords).map(([kind, count]) => `${count} ${kind}`);
  const lines = [
    `${connection}  ${verdict}  ${status.held.length} waiting, ${status.working} at work, ${status.unexplained} unexplained`,
    '',
    row('Outbound files', `${status.outboundFiles} (${status.filesRejected} rejected)`),
    row('Outbound records', records.join(', ')),
    row(
      'Uploads',
      `${status.uploads.accepted} accepted, ${status.uploads.held} held, ${status.uploads.waiting} waiting`,
    ),
    ...(status.heldConnection === null ? [] : [row('Nothing to AWS', status.heldConnection)]),
    ...status.pausedSchedules.map((id) => row('Paused', id)),
    ...(webUi === null ? [] : [row('Temporal Web UI', webUi)]),
  ];
  if (status.held.length > 0) lines.push('', 'Waiting:', ...status.held.map(heldLine));
  return `${lines.join('\n')}\n`;
}

const row = (label: string, value: string): string => `  ${label.padEnd(18)}${value}`;

function heldLine(item: ConnectionStatus['held'][number]): string {
  const subject = item.crmId ?? item.file ?? item.workflowId;
  return `  ${item.outcome.padEnd(9)}${subject.padEnd(44)} ${item.reason}`;
}
