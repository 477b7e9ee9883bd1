/** `ace-sync readiness`: which records could be sent to AWS now, and what keeps the others, by cause and owner. */

import type { Command } from 'commander';
import { createSession } from '../../crm/salesforce/session.ts';
import { opportunityPage } from '../../notices/links.ts';
import { createPlanningDependencies } from '../../worker/create-dependencies.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { privateFileNote, writePrivateFile } from '../private-file.ts';
import { type Readiness, readinessOf, shareableByDefault } from '../readiness.ts';
import { readinessCsv, readinessSheets } from '../readiness-tables.ts';
import { xlsxOf } from '../xlsx.ts';

interface Options {
  readonly config?: string;
  readonly json?: boolean;
  readonly query: string;
  readonly csv?: string;
  readonly xlsx?: string;
}

export function registerReadiness(program: Command): void {
  program
    .command('readiness')
    .description(
      'Check opportunities as if they were shared now: what AWS would refuse, by cause and owner. Writes nothing to either side.',
    )
    .option('--query <condition>', 'which opportunities: a SOQL condition', shareableByDefault)
    .option('--csv <file>', 'also write one line per record and problem')
    .option('--xlsx <file>', 'also write the list to work off: one row per record and problem, with names')
    .addOption(configurationOption())
    .addOption(jsonOption())
    .action(async (options: Options) => {
      const config = configurationOf(options);
      const deps = await createPlanningDependencies(config);
      const session = createSession(config.salesforce);
      try {
        const readiness = await readinessOf(deps, session, options.query);
        if (options.csv !== undefined) await writePrivateFile(options.csv, readinessCsv(readiness.lines));
        if (options.xlsx !== undefined) {
          const salesforceUrl = config.notices.salesforceUrl ?? config.salesforce.loginUrl;
          const sheets = readinessSheets(readiness, (crmId) => opportunityPage(salesforceUrl, crmId));
          await writePrivateFile(options.xlsx, await xlsxOf(sheets));
        }
        const { lines: _, ...summary } = readiness;
        process.stdout.write(options.json === true ? `${JSON.stringify(summary)}\n` : textOf(readiness, options));
      } finally {
        await session.close();
        await deps.crm.close();
      }
    });
}

function textOf({ records, ready, withProblems, notForAws, causes }: Readiness, { query, csv, xlsx }: Options): string {
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
  const files = [csv, xlsx].filter((file) => file !== undefined);
  if (files.length > 0) lines.push('', `One line per record and problem: ${files.join(', ')}. ${privateFileNote}`);
  return `${lines.join('\n')}\n`;
}
