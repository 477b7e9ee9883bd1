import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Command, Option } from 'commander';
import { checkSalesforce, type Finding } from '../../crm/salesforce/check/check-salesforce.ts';
import { type DeployReport, deployDataModel } from '../../crm/salesforce/metadata/deploy-data-model.ts';
import { sourceFiles } from '../../crm/salesforce/metadata/source-files.ts';
import { type SalesforceOptions, salesforceOptionsSchema } from '../../crm/salesforce/options.ts';
import { createSession } from '../../crm/salesforce/session.ts';
import { configurationOf, configurationOption, jsonOption } from '../configuration-option.ts';
import { confirmed } from '../confirm.ts';
import { type MappingForOrg, mappingOfConnection, mappingOfFile, shippedMapping } from '../mapping-for-org.ts';

interface AdministratorOptions {
  readonly instanceUrl?: string;
  readonly accessTokenEnv: string;
}

interface SetupOptions extends AdministratorOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly source?: string;
  readonly config?: string;
  readonly mapping?: string;
  readonly integrationUser?: string;
  readonly apiVersion?: string;
  readonly json?: boolean;
}

interface CheckOptions extends AdministratorOptions {
  readonly config?: string;
  readonly json?: boolean;
}

const instanceUrlOption = () =>
  new Option('--instance-url <url>', "address of the org for an administrator's session (`sf org display` shows both)");
const accessTokenOption = () =>
  new Option('--access-token-env <name>', "environment variable that holds the administrator's access token").default(
    'ACE_SYNC_ADMIN_TOKEN',
  );

export function registerSalesforce(program: Command): void {
  const salesforce = program.command('salesforce').description('Set up and check the Salesforce org of a connection.');

  salesforce
    .command('setup')
    .description(
      'Create the objects, fields, rule and permission sets that the org lacks. Never changes what is there.',
    )
    .addOption(instanceUrlOption())
    .addOption(accessTokenOption())
    .addOption(configurationOption())
    .option(
      '--mapping <file>',
      'mapping whose fields the integration user is granted (default: the active release of the configured connection, else the shipped mapping)',
    )
    .option('--integration-user <username>', 'user who gets the permission set ACE Sync Integration')
    .option('--dry-run', 'show what is missing and change nothing')
    .option('--yes', 'do not ask')
    .option('--source <dir>', 'write the same as Salesforce source with manifests, for a release pipeline; no login')
    .option('--api-version <version>', 'Salesforce API version, such as 62.0')
    .addOption(jsonOption())
    .addHelpText('after', '\nExit codes: 0 all there, 1 something is missing or failed, 2 wrong use.')
    .action(async (options: SetupOptions) => {
      process.exitCode =
        options.source === undefined ? await setUp(options) : await writeSource(options.source, options);
    });

  salesforce
    .command('check')
    .description('Check the data model, the mapping and the org’s automation, by reading alone.')
    .addOption(configurationOption())
    .addOption(instanceUrlOption())
    .addOption(accessTokenOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      "\nChecks with the connection's own login; with --instance-url in an administrator's session, who sees more." +
        '\nExit codes: 0 no errors, 1 errors found, 2 wrong use.',
    )
    .action(async (options: CheckOptions) => {
      process.exitCode = await check(options);
    });
}

function administrator(options: AdministratorOptions & { apiVersion?: string }): SalesforceOptions {
  const instanceUrl = options.instanceUrl;
  return salesforceOptionsSchema.parse({
    loginUrl: instanceUrl,
    ...(options.apiVersion === undefined ? {} : { apiVersion: options.apiVersion }),
    auth: { kind: 'accessToken', instanceUrl, accessToken: { env: options.accessTokenEnv } },
  });
}

async function setUp(options: SetupOptions): Promise<number> {
  if (options.instanceUrl === undefined) {
    process.stderr.write('salesforce setup needs --instance-url (or --source to write files).\n');
    return 2;
  }
  const session = createSession(administrator(options));
  try {
    const { orgId, sandbox } = await session.identity();
    const mapping = await mappingToGrant(options);
    const target = {
      ...(options.integrationUser === undefined ? {} : { integrationUser: options.integrationUser }),
      paths: mapping.paths,
    };
    const plan = await deployDataModel(session, { dryRun: true, ...target });
    const nothing = plan.missing.length === 0 && plan.assigned !== false;
    if (options.dryRun || nothing) {
      report(plan, mapping, options.json === true, options.dryRun === true);
      return nothing ? 0 : 1;
    }
    const where = `${orgId} (${sandbox ? 'sandbox' : 'production'})`;
    if (!options.yes && !(await confirmed(`Create ${plan.missing.length} components in ${where}?`))) return 2;
    const done = await deployDataModel(session, {
      dryRun: false,
      ...target,
      ...(options.json ? {} : { onProgress: (line: string) => void process.stdout.write(`${line}\n`) }),
    });
    report(done, mapping, options.json === true, false);
    return done.failed.some((failure) => failure.required) || done.assigned === false ? 1 : 0;
  } finally {
    await session.close();
  }
}

/** An org may be set up before there is a configuration. */
async function mappingToGrant({ mapping, config }: SetupOptions): Promise<MappingForOrg> {
  if (mapping !== undefined) return mappingOfFile(mapping);
  const configured = config !== undefined || existsSync('ace-sync.yaml');
  return configured ? mappingOfConnection(configurationOf(config === undefined ? {} : { config })) : shippedMapping;
}

function report(result: DeployReport, mapping: MappingForOrg, json: boolean, dryRun: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ dryRun, mapping: mapping.name, ...result })}\n`);
    return;
  }
  const failed = new Set(result.failed.map(({ name }) => name));
  const lines = [
    ...result.missing.filter((name) => !failed.has(name)).map((name) => `${dryRun ? 'missing ' : 'created '} ${name}`),
    ...result.granted.map((name) => `granted  ${name}`),
    ...result.different.map(({ name, property }) => `differs  ${name}: ${property} (left as it is)`),
    ...result.failed.map(
      ({ name, code, detail, required }) =>
        `failed   ${name}: ${code}${detail === undefined ? '' : `, ${detail}`}${required ? '' : ' (not needed by the sync)'}`,
    ),
    ...(result.assigned === false ? ['missing  permission set of the integration user'] : []),
    `${result.present.length} present, ${result.missing.length} ${dryRun ? 'missing' : 'created or failed'}`,
    `fields granted to the integration user: ${mapping.name}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function writeSource(folder: string, options: SetupOptions): Promise<number> {
  const { apiVersion } = salesforceOptionsSchema.shape;
  const files = sourceFiles(apiVersion.parse(options.apiVersion));
  for (const [path, content] of files) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
  process.stdout.write(
    options.json ? `${JSON.stringify({ files: files.size, folder })}\n` : `${files.size} files in ${folder}\n`,
  );
  return 0;
}

async function check(options: CheckOptions): Promise<number> {
  const config = configurationOf(options);
  const mapping = await mappingOfConnection(config);
  const session = createSession(options.instanceUrl === undefined ? config.salesforce : administrator(options));
  try {
    const findings = await checkSalesforce(session, mapping.paths);
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    const { name } = mapping;
    process.stdout.write(
      options.json ? `${JSON.stringify({ mapping: name, errors, findings })}\n` : text(findings, errors, name),
    );
    return errors === 0 ? 0 : 1;
  } finally {
    await session.close();
  }
}

function text(findings: readonly Finding[], errors: number, mapping: string): string {
  const lines = findings.map(({ severity, message, fix }) => `${severity.padEnd(8)} ${message}\n         ${fix}`);
  return `${[...lines, `${errors} errors, ${findings.length - errors} warnings and notes; nothing was written`, `checked against ${mapping}`].join('\n')}\n`;
}
