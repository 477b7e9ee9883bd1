import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { AceSyncError } from '../../../src/errors.ts';
import { compileMapping, loadMapping } from '../../../src/mapping/compile.ts';
import { mappingJsonSchema } from '../../../src/mapping/json-schema.ts';
import { parseMappingFile } from '../../../src/mapping/mapping-file.ts';
import { defaultMappingText } from './world.ts';

const lead = 'lead: { fields: [{ ace: phone, crm: Phone, direction: both }] }';
const withFields = (fields: string, rest = ''): string =>
  `version: 1\nopportunity:\n${rest}  fields:\n${fields.replace(/^/gm, '    ')}\n${lead}\n`;

function problemsOf(text: string): readonly string[] {
  const parsed = parseMappingFile(text);
  return parsed.ok ? [] : parsed.problems.map((problem) => problem.message);
}

describe('A mapping file', () => {
  test('that closes the leads of referrals says which status nobody changed', () => {
    const referral = (lead: string) =>
      problemsOf(
        withFields(
          '- { ace: nextStep, crm: NextStep, direction: out }',
          `  referral: { createAs: lead, endedLeadStatus: Closed, lead: { LastName: { value: AWS }${lead} } }\n`,
        ),
      );
    assert.deepEqual(referral(', Status: { value: New }'), []);
    assert.deepEqual(
      referral('').map((problem) => problem.split(':')[0]),
      ['opportunity.referral.lead.Status'],
    );
  });

  test('names all its problems at once, each with its path', () => {
    const problems = problemsOf(
      withFields(
        [
          '- { ace: stageName, crm: StageName, direction: out }',
          '- { ace: lastModifiedDate, crm: Modified__c, direction: both }',
          '- { ace: city, crm: Account.BillingCity, direction: both }',
          '- { ace: stage, crm: StageName, direction: out, values: { Won: Closed Won } }',
          '- { ace: country, crm: ACE_Sync__r.Origin__c, direction: out }',
          '- { ace: apnCrmUniqueIdentifier, crm: ACE_Id__c, direction: in }',
          "- { ace: nextStep, crm: NextStep, direction: out, transform: { out: '$uppercase(' } }",
          '- { ace: industry, crm: Industry__c, direction: both, unknownValue: default }',
          '- { ace: rejectionReason, crm: Reason__c, direction: in }',
          '- { ace: nextStep, crm: Next__c, direction: both }',
        ].join('\n'),
      ),
    );
    assert.deepEqual(
      problems.map((problem) => problem.split(':')[0]),
      [
        'opportunity.fields[0].ace',
        'opportunity.fields[1].direction',
        'opportunity.fields[2].crm',
        'opportunity.fields[3].values.Won',
        'opportunity.fields[4].direction',
        'opportunity.fields[5].ace',
        'opportunity.fields[6].transform.out',
        'opportunity.fields[7].unknownValue',
        'opportunity.fields[7].default',
        'opportunity.fields[7].default',
        'opportunity.fields[8].direction',
        'opportunity.fields[9]',
      ],
    );
  });

  test('with a wrong shape names each path too', () => {
    const problems = problemsOf(
      'version: 1\nopportunity: { fields: [{ ace: stage, crm: a b, direction: up, colour: red }] }\n',
    );
    assert.ok(problems.some((problem) => problem.startsWith('opportunity.fields[0].direction:')));
    assert.ok(problems.some((problem) => problem.startsWith('opportunity.fields[0].crm:')));
    assert.ok(problems.some((problem) => problem.includes('colour')));
    assert.ok(problems.some((problem) => problem.startsWith('lead:')));
  });

  test('that is no YAML names the line, and duplicate keys are no YAML', () => {
    assert.match(problemsOf('version: 1\nversion: 2\n')[0] ?? '', /^line 2: /);
    assert.match(problemsOf('a: [1, 2')[0] ?? '', /^line 1: /);
  });

  test('may be anything without an exception', () => {
    for (const text of ['', 'null', '[]', '42', '\u0000', 'a: &a [*a]', `${'x: '.repeat(50)}`, '&a [*a, *a]']) {
      assert.equal(parseMappingFile(text).ok, false);
    }
  });

  test('loads with one error that lists every path', () => {
    assert.throws(
      () => loadMapping(withFields('- { ace: x, crm: Y, direction: out }\n- { ace: z, crm: Q, direction: out }')),
      (error) =>
        error instanceof AceSyncError &&
        error.code === 'MAPPING_INVALID' &&
        error.message.includes('fields[0].ace') &&
        error.message.includes('fields[1].ace'),
    );
  });

  test('cannot use functions of time or chance', () => {
    for (const source of ['$now()', '$millis()', '$random()', '$shuffle([1])', '$eval("1")', '($f := $now; $f())']) {
      const problems = problemsOf(
        withFields(`- { ace: nextStep, crm: NextStep, direction: out, transform: { out: '${source}' } }`),
      );
      assert.match(problems[0] ?? '', /deterministic/, source);
    }
  });

  test('has a version that follows its content and not its spelling', () => {
    const parsed = parseMappingFile(defaultMappingText);
    assert.ok(parsed.ok);
    const { opportunity, lead: leads, version } = parsed.file;
    const reordered = compileMapping({ lead: leads, opportunity: { ...opportunity }, version });
    assert.equal(reordered.version, loadMapping(defaultMappingText).version);
    assert.equal(loadMapping(`# another comment\n${defaultMappingText}`).version, reordered.version);
    assert.notEqual(
      loadMapping(defaultMappingText.replace('Retail: Retail', 'Retail: Shops')).version,
      reordered.version,
    );
  });
});

describe('The shipped mapping', () => {
  test('has no problems, and reads what it needs', () => {
    assert.deepEqual(problemsOf(defaultMappingText), []);
    const mapping = loadMapping(defaultMappingText);
    assert.ok(mapping.opportunity.crmPaths.includes('Account.Name'));
    assert.ok(mapping.opportunity.relatedPaths.includes('Account.BillingCountry'));
    assert.ok(mapping.opportunity.rowFields.includes('Use_Case__c'));
    assert.ok(!mapping.opportunity.crmPaths.some((path) => path.startsWith('ACE_Sync__r')));
    assert.equal(new Set(mapping.opportunity.rowFields).size, mapping.opportunity.rowFields.length);
  });

  test('lies beside the JSON Schema that its own schema generates', () => {
    const committed = readFileSync(new URL('../../../mappings/mapping.schema.json', import.meta.url), 'utf8');
    assert.deepEqual(
      JSON.parse(committed),
      JSON.parse(mappingJsonSchema()),
      'run: ace-sync mapping schema > mappings/mapping.schema.json',
    );
  });
});

test('A mapping reads the paths that its expressions name', () => {
  const text = withFields(
    "- { ace: nextStep, crm: NextStep, direction: out, transform: { out: 'crm.Custom__c ? value : crm.Owner.Name' } }",
    '  share: "Type__c = \'AWS\' and ACE_Sync__r.Shared__c"\n  disregard: "stage = \'Launched\' and $crm.Ignored__c"\n',
  );
  const { crmPaths, rowFields, relatedPaths } = loadMapping(text).opportunity;
  assert.deepEqual(crmPaths, ['Custom__c', 'Ignored__c', 'NextStep', 'Owner.Name', 'Type__c']);
  assert.deepEqual(relatedPaths, ['Owner.Name']);
  assert.ok(rowFields.includes('Shared__c'));
});
