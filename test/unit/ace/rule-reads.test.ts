import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AceRecord } from '../../../src/ace/ace-record.ts';
import { compileChecker } from '../../../src/ace/check.ts';
import { contractTables } from '../../../src/ace/contract-tables.ts';
import { acceptanceCases } from './acceptance-cases.ts';
import { verdictOf } from './verdict.ts';

/** A record that notes which of its fields somebody asks for. */
function watched(record: AceRecord, asked: Set<string>): AceRecord {
  return new Proxy(record, {
    get: (target, key) => {
      asked.add(String(key));
      return Reflect.get(target, key);
    },
  });
}

test('a rule reads the fields that it names, and no others', () => {
  for (const rule of contractTables.rules.filter(({ reads }) => reads.length > 0)) {
    const asked = new Set<string>();
    const mandatory = rule.code === 'ACE_REQUIRED' ? contractTables.fields.opportunity.map(({ name }) => name) : [];
    const check = compileChecker({
      ...contractTables,
      rules: [
        {
          ...rule,
          test: (context) => {
            const { record, stored } = context;
            const seen = stored === undefined ? {} : { stored: watched(stored, asked) };
            return rule.test({ ...context, record: watched(record, asked), ...seen });
          },
        },
      ],
    });
    for (const each of acceptanceCases.filter(({ object }) => object === rule.object)) verdictOf(check, each);
    const undeclared = [...asked].filter((field) => !rule.reads.includes(field) && !mandatory.includes(field));
    assert.deepEqual(undeclared, [], rule.code);
    assert.ok(asked.size > 0, `${rule.code} was never asked`);
  }
});

test('a rule names only fields of its object, and blames one that it reads', () => {
  for (const rule of contractTables.rules) {
    const names = new Set(contractTables.fields[rule.object].map(({ name }) => name));
    for (const field of rule.reads) assert.ok(names.has(field), `${rule.code} ${field}`);
    if (rule.field !== null) assert.ok(rule.reads.includes(rule.field), rule.code);
  }
});

test('every rule says what is wrong, who fixes it how, and where it comes from', () => {
  const { rules, fieldRules, keyRules } = contractTables;
  for (const rule of [...rules, ...fieldRules, ...Object.values(keyRules)]) {
    assert.ok(rule !== null);
    assert.match(rule.code, /^ACE_[A-Z_]+$/);
    assert.match(rule.sentence, /[.>]$/);
    assert.match(rule.fix, /[.]$/, rule.code);
    assert.match(rule.source, /[.)]$/, rule.code);
  }
});
