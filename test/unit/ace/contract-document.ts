/** The rule table of docs/ace-contract.md, written from the rules, so that document and code cannot part. */

import type { PayloadVersion } from '../../../src/ace/ace-record.ts';
import { contractTables } from '../../../src/ace/contract-tables.ts';
import type { RuleText } from '../../../src/ace/rules/rule.ts';
import { contractSwitches } from '../../../src/ace/switches.ts';

function row(rule: RuleText, object: string, versions: readonly PayloadVersion[]): string {
  const verified = versions.filter((version) => rule.verifiedIn.includes(version));
  const text =
    rule.aceText === null ? 'not found' : verified.length === 0 ? 'unverified' : `verified for ${verified.join(', ')}`;
  const ofAce = rule.severity === 'warning' ? '–' : text;
  return `| ${rule.code} | ${object} | ${versions.join(', ')} | ${rule.severity} | ${ofAce} | ${rule.source} |`;
}

export function ruleTable(): string {
  const { rules, fieldRules, keyRules } = contractTables;
  const rows = [
    ...rules.map((rule) => row(rule, rule.object, rule.versions)),
    ...fieldRules.map((rule) => row(rule, 'both', [1, 2])),
    ...Object.values(keyRules).flatMap((rule) => (rule === null ? [] : [row(rule, 'both', [1, 2])])),
  ];
  return [
    '| rule | object | versions | severity | ACE’s text | source |',
    '|---|---|---|---|---|---|',
    ...new Set(rows),
  ].join('\n');
}

/** The table of switches: the documented default first. */
export function switchTable(): string {
  const rows = Object.entries(contractSwitches).map(
    ([name, [first, ...others]]) => `| \`${name}\` | ${first} | ${others.join(', ')} |`,
  );
  return ['| switch | documented default | alternatives |', '|---|---|---|', ...rows].join('\n');
}

if (import.meta.main) console.log(`${switchTable()}\n\n${ruleTable()}`);
