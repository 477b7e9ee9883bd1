/** `ace-sync readiness`: which records could be sent to AWS now, and what keeps the others, by cause and owner. */

import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { createSession } from '../../crm/salesforce/session.ts';
import { fixByLabels } from '../../errors.ts';
import { createPlanningDependencies } from '../../worker/create-dependencies.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { type Readiness, type ReadinessLine, readinessOf, shareableByDefault } from '../readiness.ts';

interface Options {
  readonly config?: string;
  readonly json?: boolean;
  readonly query: string;
  readonly csv?: string;
}

export function registerReadiness(program: Command): void {
  program
    .command('readiness')
    .description(
      'Check opportunities as if they were shared now: what AWS would refuse, by cause and owner. Writes nothing to either side.',
    )
    .option('--query <condition>', 'which opportunities: a SOQL condition', shareableByDefault)
    .option('--csv <file>', 'also write one line per record and problem')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const config = configurationOf(options);
      const deps = await createPlanningDependencies(config);
      const session = createSession(config.salesforce);
      try {
        const readiness = await readinessOf(deps, session, options.query);
        if (options.csv !== undefined) await writeFile(options.csv, csvOf(readiness.lines), { mode: 0o600 });
        const { lines: _, ...summary } = readiness;
        process.stdout.write(options.json === true ? `${JSON.stringify(summary)}\n` : textOf(readiness, options));
      } finally {
        await session.close();
        await deps.crm.close();
      }
    });
}

function textOf({ records, ready, withProblems, notForAws, causes }: Readiness, { query, csv }: Options): string {
  const kept = Object.entries(notForAws).map(([code, count]) => `, ${count} not for AWS (${code})`);
  const lines = [
    `${records} opportunities where ${query}: ${ready} ready, ${withProblems} with problems${kept.join('')}`,
  ];
  for (const cause of causes) {
    const { owners } = cause;
    lines.push('', `${String(cause.records).padStart(5)} x ${cause.field ?? 'record'}: ${cause.message}`);
    lines.push(`        ${cause.fixBy}: ${cause.fix} [${cause.code}]`);
    lines.push(`        ${owners.map(({ owner, records: count }) => `${owner} ${count}`).join(', ')}`);
  }
  if (csv !== undefined) lines.push('', `One line per record and problem is in ${csv}.`);
  return `${lines.join('\n')}\n`;
}

const columns = ['Record', 'Owner', 'Field', 'Problem', 'What to do', 'Who', 'Code'];

function csvOf(lines: readonly ReadinessLine[]): string {
  const rows = lines.map(({ crmId, owner, problem }) => [
    crmId,
    owner,
    problem.field ?? '',
    problem.message,
    problem.fix,
    fixByLabels[problem.fixBy],
    problem.code,
  ]);
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** A spreadsheet takes a text that begins like this for a formula, and names in a CRM are anybody's. */
const formulaLike = /^[=+\-@\t\r]/;

const cell = (text: string): string => `"${(formulaLike.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
