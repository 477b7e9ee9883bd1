/**
 * Takes the pictures in docs/images from a running sandbox: start `npm start` (the picture of the held upload needs the
 * first minute or two to pass), then in a second terminal `npm run screenshots`, with the Web UI's address as argument
 * where it is not the usual one. Needs Chromium or Chrome; CHROMIUM names its executable where it is not
 * /usr/bin/chromium. Look at every picture before it is committed: the documents say what each shows.
 */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const webUi = process.argv[2] ?? 'http://127.0.0.1:8233';
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const namespace = 'ace-sync';
const mine = 'AceConnection = "sandbox"';
const running = 'ExecutionStatus = "Running"';

/** Bytes; larger pictures make the repository heavy and say no more. */
const largestPicture = 300_000;

/** What the Web UI keeps in the browser for each namespace: the columns of its list of workflows. */
const columns = ['Status', 'AceOutcome', 'AceReason', 'AceObject', 'Workflow ID'].map((label) => ({ label }));

type Picture = (page: Page) => Promise<void>;

const pictures: Readonly<Record<string, Picture>> = {
  async workflows(page) {
    await openList(page, `${mine} AND WorkflowType IN ("processOutboundFile", "uploadRecord", "processResultFile")`);
  },
  async waiting(page) {
    await openList(page, `${mine} AND ${running} AND AceOutcome IN ("held", "parked")`, 'Waits for a person');
  },
  async 'parked-file'(page) {
    await openDetails(page, `${mine} AND ${running} AND AceOutcome = "parked"`);
  },
  async 'held-upload'(page) {
    await openDetails(page, `${mine} AND ${running} AND AceOutcome = "held"`);
  },
  async 'send-retry'(page) {
    await openDetails(page, `${mine} AND ${running} AND AceOutcome = "held"`);
    // The page holds its buttons twice, for narrow and for wide windows.
    await page.getByRole('button', { name: 'More Actions' }).last().click();
    await page.getByRole('menuitem', { name: 'Send a Signal' }).click();
    const dialog = page.locator('#signal-confirmation-modal[open]');
    await dialog.locator('[aria-controls="signal-select-select"]').click();
    await dialog.getByRole('option', { name: 'retry' }).hover();
  },
  async schedules(page) {
    await page.goto(`${webUi}/namespaces/${namespace}/schedules`);
    await page.getByText('sandbox/scan-outbound/opportunity').waitFor();
  },
  async schedule(page) {
    await page.goto(
      `${webUi}/namespaces/${namespace}/schedules/${encodeURIComponent('sandbox/scan-outbound/opportunity')}`,
    );
    await page.getByText('Recent Runs').waitFor();
  },
};

/** With a name the Web UI also keeps the query among its custom views. */
async function openList(page: Page, query: string, name?: string): Promise<void> {
  const view = name === undefined ? '' : `&savedQuery=${encodeURIComponent(name)}`;
  await page.goto(`${webUi}/namespaces/${namespace}/workflows?query=${encodeURIComponent(query)}${view}`);
  await page
    .getByRole('link', { name: /^sandbox\// })
    .first()
    .waitFor();
}

/** The first workflow that the query finds, on the tab with its summary and current details. */
async function openDetails(page: Page, query: string): Promise<void> {
  await openList(page, query);
  await page
    .getByRole('link', { name: /^sandbox\// })
    .first()
    .click();
  await page.getByRole('tab', { name: 'User Metadata' }).click();
  await page.getByText('Current Details').first().waitFor();
}

async function take(context: BrowserContext, name: string, picture: Picture): Promise<void> {
  const page = await context.newPage();
  try {
    await picture(page);
    // Fonts and the first refresh of counts arrive after the content that was waited for.
    await page.waitForTimeout(1500);
    const path = join(import.meta.dirname, 'images', `${name}.png`);
    await page.screenshot({ path });
    const { size } = statSync(path);
    if (size > largestPicture) throw new Error(`${path}: expected at most ${largestPicture} bytes, got ${size}.`);
    process.stdout.write(`${path}  ${Math.round(size / 1000)} kB\n`);
  } finally {
    await page.close();
  }
}

try {
  await fetch(webUi);
} catch {
  process.stderr.write(
    `Nobody answers at ${webUi}: start the sandbox with npm start first, or name its Web UI's address.\n`,
  );
  process.exit(1);
}
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 660 }, locale: 'en-US' });
  context.setDefaultTimeout(10_000);
  const stored = JSON.stringify({ [namespace]: columns });
  await context.addInitScript(`localStorage.setItem('namespace-workflow-table-columns', ${JSON.stringify(stored)})`);
  for (const [name, picture] of Object.entries(pictures)) await take(context, name, picture);
} finally {
  await browser.close();
}
