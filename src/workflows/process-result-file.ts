import { condition, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { bucketActivities } from './activity-proxies.ts';
import { heedSignal } from './heed-signal.ts';
import { signalShapes } from './message-shapes.ts';
import { type ResultFileInput, resultHandled } from './messages.ts';
import { searchAttributeUpdates } from './search-attributes.ts';

export interface ResultFileResult {
  readonly file: string;
  /** `foreign` files belong to another installation and are left alone; `unreadable` ones are tagged for a person. */
  readonly outcome: 'handled' | 'foreign' | 'unreadable' | 'gone' | 'replaced' | 'observed';
  readonly records: number;
}

/**
 * One processed-result file: each record's part goes to that record's upload, and the file is deleted only after every
 * upload said that it handled its part (design.md, promise 6).
 */
export async function processResultFile(input: ResultFileInput): Promise<ResultFileResult> {
  const handled = new Set<string>();
  heedSignal(resultHandled, {
    fits: signalShapes.resultHandled,
    handle: ({ crmId }) => void handled.add(crmId),
    description: 'An upload handled its part',
  });
  const target = { object: input.object, file: input.file };

  const result = await bucketActivities.readResult(target);
  if (result.kind !== 'readable') return end(input, result.kind, 0, result.reason);

  const waiting = () => result.parts.filter((part) => !handled.has(part.crmId));
  for (let delivery = 1; waiting().length > 0; delivery += 1) {
    setCurrentDetails(
      `Delivery ${delivery}: ${waiting().length} of ${result.parts.length} uploads have not handled it yet.`,
    );
    await bucketActivities.deliverResult({ ...target, parts: waiting() });
    const pause = input.waits.deliverInterval * Math.min(delivery, 6);
    await condition(() => waiting().length === 0, pause, { summary: 'Uploads handle the result' });
  }
  await bucketActivities.deleteFile(input.file);
  return end(input, 'handled', result.parts.length, null);
}

function end(
  input: ResultFileInput,
  outcome: ResultFileResult['outcome'],
  records: number,
  reason: string | null,
): ResultFileResult {
  upsertSearchAttributes(searchAttributeUpdates({ AceOutcome: outcome }));
  setCurrentDetails([`**${outcome}**: \`${input.file.key}\``, reason ?? `${records} records.`].join('\n\n'));
  return { file: input.file.key, outcome, records };
}
