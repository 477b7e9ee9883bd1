import { readFile } from 'node:fs/promises';
import { historyText } from '../support/history-text.ts';
import type { SandboxSides } from './sandbox-sides.ts';

/** ACE fields that hold personal data or texts of a customer; no history, id, search attribute or log may show one. */
const personalFields = [
  'customerFirstName',
  'customerLastName',
  'customerEmail',
  'customerPhone',
  'primaryContactEmail',
  'primaryContactPhone',
  'opportunityOwnerEmail',
  'customerCompanyName',
  'customerWebsite',
  'projectDescription',
  'partnerProjectTitle',
  'nextStep',
  'fullName',
  'company',
  'email',
  'phone',
  'streetAddress',
  'postalCode',
  'aWSSalesRepEmail',
  'aWSAccountOwnerEmail',
];

/** Shorter texts occur in ids and hashes by chance. */
const shortestText = 6;

/** Where a value of any record of either side can be read in Temporal or the worker's log; each place and field once. */
export async function personalTextsIn(sides: SandboxSides, logFile: string): Promise<readonly string[]> {
  const records = await sides.ace.records();
  const texts = new Map<string, string>();
  for (const { fields } of records) {
    for (const field of personalFields) {
      const value = fields[field];
      if (typeof value === 'string' && value.length >= shortestText) texts.set(value, field);
    }
  }
  if (texts.size < 50) throw new Error(`Expected many values to look for, got ${texts.size}.`);
  const found = new Set<string>();
  const search = (place: string, text: string) => {
    for (const [value, field] of texts) if (text.includes(value)) found.add(`${field} in ${place}`);
  };
  search('the log of the worker', await readFile(logFile, 'utf8'));
  const { client } = sides.temporal;
  for await (const run of client.workflow.list({ query: `AceConnection = '${sides.config.connection}'` })) {
    const { events } = await client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
    search(run.type, `${run.workflowId}\n${historyText(events)}`);
  }
  return [...found].sort();
}
