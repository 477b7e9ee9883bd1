import { syncObject } from '../../data-model.ts';
import { readSalesforceError } from '../classify-error.ts';
import { notOlderRule, recordObjects } from '../metadata/data-model-components.ts';
import { type QueryRow, textAt, valueAt } from '../query.ts';
import type { SalesforceSession } from '../session.ts';
import { isOneOf } from '../soql.ts';
import type { Finding } from './finding.ts';

const guarded = [...recordObjects, syncObject];

/**
 * Looks at what else acts on the records: validation rules, triggers, flows, duplicate rules. Users without the rights of
 * an administrator may not see them; then the check says so instead of guessing.
 */
export async function checkAutomation(session: SalesforceSession): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const rules = await tooling(
    session,
    `SELECT ValidationName, Active, EntityDefinition.QualifiedApiName FROM ValidationRule WHERE ${isOneOf('EntityDefinition.QualifiedApiName', guarded)}`,
  );
  if (rules === null) findings.push(unseen('validation rules', 'error', `that ${notOlderRule} is active`));
  else findings.push(...validationRules(rules));
  findings.push(...(await others(session)));
  return findings;
}

function validationRules(rules: readonly QueryRow[]): readonly Finding[] {
  const findings: Finding[] = [];
  for (const object of guarded) {
    const ofObject = rules.filter((rule) => textAt(rule, 'EntityDefinition.QualifiedApiName') === object);
    const ours = ofObject.find((rule) => textAt(rule, 'ValidationName') === notOlderRule);
    if (ours === undefined || valueAt(ours, 'Active') !== true) {
      findings.push({
        severity: 'error',
        code: 'NOT_OLDER_RULE',
        object,
        message: `The validation rule ${notOlderRule} on ${object} is ${ours === undefined ? 'missing' : 'inactive'}: an older version from AWS could overwrite a newer one.`,
        fix: ours === undefined ? 'Run `ace-sync salesforce setup`.' : 'Activate the rule in Setup.',
      });
    }
    const foreign = ofObject.filter((rule) => rule !== ours && valueAt(rule, 'Active') === true);
    if (foreign.length > 0 && object !== syncObject)
      findings.push(note('validation rules', object, foreign, 'ValidationName'));
  }
  return findings;
}

async function others(session: SalesforceSession): Promise<readonly Finding[]> {
  const kinds = [
    {
      name: 'Apex triggers',
      label: 'Name',
      object: 'TableEnumOrId',
      rows: await tooling(
        session,
        `SELECT Name, TableEnumOrId FROM ApexTrigger WHERE Status = 'Active' AND ${isOneOf('TableEnumOrId', guarded)}`,
      ),
    },
    {
      name: 'flows',
      label: 'ApiName',
      object: 'TriggerObjectOrEvent.QualifiedApiName',
      rows: await plain(
        session,
        `SELECT ApiName, TriggerObjectOrEvent.QualifiedApiName FROM FlowDefinitionView WHERE IsActive = true AND ${isOneOf('TriggerObjectOrEvent.QualifiedApiName', guarded)}`,
      ),
    },
    {
      name: 'duplicate rules',
      label: 'DeveloperName',
      object: 'SobjectType',
      rows: await plain(
        session,
        `SELECT DeveloperName, SobjectType FROM DuplicateRule WHERE IsActive = true AND ${isOneOf('SobjectType', ['Lead', 'Account', 'Contact'])}`,
      ),
    },
  ];
  return kinds.flatMap(({ name, label, object, rows }) => {
    if (rows === null) return [unseen(name, 'note', 'whether they act on the synced objects')];
    const objects = [...new Set(rows.map((row) => textAt(row, object) ?? ''))];
    return objects.map((one) =>
      note(
        name,
        one,
        rows.filter((row) => textAt(row, object) === one),
        label,
      ),
    );
  });
}

function note(what: string, object: string, rows: readonly QueryRow[], label: string): Finding {
  return {
    severity: 'note',
    code: `ACTIVE_${what.toUpperCase().replaceAll(' ', '_')}`,
    object,
    message: `${rows.length} active ${what} on ${object}: ${rows.map((row) => textAt(row, label) ?? '').join(', ')}.`,
    fix: 'Make sure that they accept what the integration user writes, 200 records at a time.',
  };
}

function unseen(what: string, severity: 'error' | 'note', question: string): Finding {
  return {
    severity: severity === 'error' ? 'warning' : 'note',
    code: 'NOT_VISIBLE',
    object: '',
    message: `This user may not see ${what}, so it is not known ${question}.`,
    fix: 'Run the check once in the session of an administrator (`--access-token-env`).',
  };
}

const tooling = (session: SalesforceSession, soql: string) => look(session, '/tooling/query', soql);
const plain = (session: SalesforceSession, soql: string) => look(session, '/query', soql);

/** Null when this user may not look: that is an answer here, and must not open the breaker of the connection. */
async function look(session: SalesforceSession, path: string, soql: string): Promise<readonly QueryRow[] | null> {
  return session.call('query of automation', async (connection) => {
    try {
      const answer = await connection.request<{ records: readonly QueryRow[] }>(
        `${path}?q=${encodeURIComponent(soql)}`,
      );
      return answer.records;
    } catch (thrown) {
      const code = readSalesforceError(thrown)?.code;
      if (code === undefined || code === 'INVALID_SESSION_ID') throw thrown;
      return null;
    }
  });
}
