import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { opportunityCountries } from '../../../src/ace/data/countries.ts';
import { statesOfTheUnitedStates } from '../../../src/ace/data/states.ts';
import type { CrmFields, CrmValue } from '../../../src/crm/crm.ts';
import { canonicalAce, canonicalCrm, plainNumber, toDate, toDateTime } from '../../../src/mapping/canonical.ts';
import { type CompiledField, loadMapping } from '../../../src/mapping/compile.ts';
import { conversion } from '../../../src/mapping/conversions.ts';
import { compileExpression } from '../../../src/mapping/expressions.ts';
import { toAce, toCrm } from '../../../src/mapping/field-values.ts';
import { countryAliases, countryByCode, stateByCode } from '../../../src/mapping/place-codes.ts';

/** One field of a mapping of its own, from its YAML. */
function field(yaml: string): CompiledField {
  const mapping = loadMapping(
    `version: 1\nopportunity: { fields: [${yaml}] }\nlead: { fields: [{ ace: phone, crm: Phone, direction: both }] }`,
  );
  const [compiled] = mapping.opportunity.fields;
  assert.ok(compiled);
  return compiled;
}

async function out(yaml: string, value: CrmValue, crm: CrmFields = {}): Promise<unknown> {
  const converted = await toAce(field(yaml), value, crm, false);
  return converted.ok ? converted.value : converted.code;
}

async function into(yaml: string, value: unknown, ace: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
  const one = field(yaml);
  const converted = await toCrm(one, { ...ace, [one.ace]: value }, false);
  return converted.ok ? converted.value : converted.code;
}

describe('Numbers', () => {
  test('are never written in scientific notation', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        const text = plainNumber(number);
        assert.doesNotMatch(text, /e/i);
        assert.equal(Number(text), number === 0 ? 0 : number);
      }),
    );
    assert.equal(plainNumber(1e21), '1000000000000000000000');
    assert.equal(plainNumber(1.5e-7), '0.00000015');
  });

  test('are equal however they are spelled', () => {
    const number = { kind: 'number', scale: 0 } as const;
    for (const value of [1041, 1041.0, '1041', '1041.00', ' 1041.0 ', '+1041', '1.041e3']) {
      assert.equal(canonicalAce(number, value), '1041');
      assert.equal(canonicalCrm(number, value), '1041');
    }
  });

  test('are rounded to what ACE keeps', async () => {
    const revenue = '{ ace: expectedMonthlyAwsRevenue, crm: Amount, direction: both }';
    assert.equal(await out(revenue, 1041.67), 1042);
    assert.equal(await out(revenue, 0.5), 1);
    assert.equal(await out(revenue, '1041.67'), 1042);
    assert.equal(await out(revenue, 'about 1000'), 'VALUE_UNUSABLE');
    assert.equal(await out('{ ace: customerSoftwareValue, crm: Amount, direction: both }', 1.005), 1.01);
  });

  test('stay text in text fields, so that leading zeros survive', async () => {
    const text = '{ ace: awsAccountId, crm: Account_Id__c, direction: both }';
    assert.equal(await out(text, '001234567890'), '001234567890');
    assert.equal(await into(text, '001234567890'), '001234567890');
    assert.equal(await out('{ ace: postalCode, crm: Zip__c, direction: both }', 1067), '1067');
  });

  test('convert between fractions and percentages without rests', () => {
    const { in: toFraction, out: toPercentage } = conversion('percent');
    assert.equal(toPercentage(0.29), 29);
    assert.equal(toFraction(29), 0.29);
    assert.equal(toPercentage('n/a'), 'n/a');
  });
});

describe('Dates', () => {
  test('never shift, whatever the time zone of the machine', () => {
    const before = process.env.TZ;
    try {
      for (const zone of ['Pacific/Kiritimati', 'America/Los_Angeles', 'UTC']) {
        process.env.TZ = zone;
        assert.equal(toDate('2026-03-31'), '2026-03-31');
        assert.equal(toDate('2026-03-31T00:00:00.000Z'), '2026-03-31');
        assert.equal(toDate('2026-03-31T23:59:59Z'), '2026-03-31');
        assert.equal(toDateTime('2026-03-31'), '2026-03-31T00:00:00.000Z');
        assert.equal(toDateTime('2026-03-31T10:00:00'), '2026-03-31T10:00:00.000Z');
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  test("of Salesforce's and ACE's spelling are the same time", () => {
    const type = { kind: 'dateTime' } as const;
    assert.equal(canonicalCrm(type, '2026-03-31T10:00:00.000+0000'), canonicalAce(type, '2026-03-31T10:00:00.000Z'));
    assert.equal(canonicalCrm(type, '2026-03-31T12:00:00.000+0200'), canonicalAce(type, '2026-03-31T10:00:00Z'));
  });

  test('that are none are held', async () => {
    assert.equal(await out('{ ace: targetCloseDate, crm: CloseDate, direction: out }', '31.03.2026'), 'VALUE_UNUSABLE');
  });
});

describe('Lists', () => {
  const list = '{ ace: deliveryModel, crm: Delivery__c, direction: both }';
  test('compare without order, and keep it on the way', async () => {
    const type = { kind: 'list' } as const;
    assert.equal(canonicalAce(type, 'B;A'), canonicalAce(type, ' A ; B;;A'));
    assert.equal(await out(list, 'Resell; Other'), 'Resell;Other');
    assert.equal(await into(list, 'Resell;Other'), 'Resell;Other');
  });

  test('become arrays where ACE wants arrays, one member too', async () => {
    const array = '{ ace: awsProducts, crm: Products__c, direction: both }';
    assert.deepEqual(await out(array, 'AWSLambda'), ['AWSLambda']);
    assert.deepEqual(await out(array, 'AWSLambda;AmazonEC2'), ['AWSLambda', 'AmazonEC2']);
    assert.equal(await into(array, ['AWSLambda', 'AmazonEC2']), 'AWSLambda;AmazonEC2');
  });

  test('are mapped member by member', async () => {
    const mapped = '{ ace: deliveryModel, crm: D__c, direction: both, values: { Resell: R, Other: [O, X] } }';
    assert.equal(await out(mapped, 'R;X'), 'Resell;Other');
    assert.equal(await into(mapped, 'Other;Resell'), 'O;R');
    assert.equal(await out(mapped, 'R;unheard of'), 'VALUE_UNKNOWN');
  });
});

describe('Value maps', () => {
  const map = (rule: string) =>
    `{ ace: industry, crm: I__c, direction: both, unknownValue: ${rule}, default: { ace: Other, crm: Misc }, values: { Retail: [Shops, Trade], Aerospace: Air } }`;
  test('write the first of several CRM values and send each of them', async () => {
    assert.equal(await into(map('hold'), 'Retail'), 'Shops');
    assert.equal(await out(map('hold'), 'Trade'), 'Retail');
  });

  test('hold, pass or replace an unknown value as they are told', async () => {
    assert.equal(await out(map('hold'), 'Farming'), 'VALUE_UNKNOWN');
    assert.equal(await out(map('pass'), 'Farming'), 'Farming');
    assert.equal(await out(map('default'), 'Farming'), 'Other');
    assert.equal(await into(map('default'), 'Mining'), 'Misc');
  });

  test('send special dashes as ACE spells them', async () => {
    const reasons =
      "{ ace: closedLostReason, crm: Loss__c, direction: out, values: { 'Lost to Competitor \u2013 Google': Lost to Google } }";
    assert.equal(await out(reasons, 'Lost to Google'), 'Lost to Competitor \u2013 Google');
  });

  test('turn checkboxes into Yes and No', async () => {
    const checkbox = '{ ace: IsOppFromMarketingActivity, crm: Marketing__c, direction: both, convert: yesNo }';
    assert.equal(await out(checkbox, true), 'Yes');
    assert.equal(await out(checkbox, false), 'No');
    assert.equal(await into(checkbox, 'No'), false);
  });
});

describe('Places and currencies', () => {
  const { out: name, in: code } = conversion('countryCode');
  test('take codes, everyday names and other spellings of countries', () => {
    const cases = [
      ['DE', 'Germany'],
      ['de', 'Germany'],
      ['germany', 'Germany'],
      ['USA', 'United States'],
      ['UK', 'United Kingdom'],
      ['Czechia', 'Czech Republic'],
      ['Türkiye', 'Turkey'],
      ['Côte d\u2019Ivoire', 'Côte d\u2019Ivoire'],
      ['South Korea', 'Korea'],
      ['Atlantis', 'Atlantis'],
    ];
    for (const [given, expected] of cases) assert.equal(name(given), expected);
    assert.equal(code('Germany'), 'DE');
    assert.equal(code('United Kingdom'), 'GB');
  });

  test('know every country and state that ACE takes, and none that it does not', () => {
    const known = new Set<string>(opportunityCountries);
    for (const country of Object.values(countryByCode)) assert.ok(known.has(country), country);
    for (const alias of Object.values(countryAliases)) assert.ok(alias in countryByCode, alias);
    for (const country of Object.values(countryByCode)) assert.equal(name(code(country)), country);
    for (const country of opportunityCountries) assert.equal(name(country), country);
    assert.deepEqual([...Object.values(stateByCode)].sort(), [...statesOfTheUnitedStates].sort());
  });

  test('take codes and names of states', () => {
    const state = conversion('stateCode');
    assert.equal(state.out('ca'), 'California');
    assert.equal(state.out('District of Columbia'), 'Dist. of Columbia');
    assert.equal(state.in('California'), 'CA');
    assert.equal(state.out('Bayern'), 'Bayern');
  });

  test('turn currency symbols into codes', () => {
    const currency = conversion('currencyCode').out;
    assert.deepEqual(['€', '$', '£', 'eur', 'CHF'].map(currency), ['EUR', 'USD', 'GBP', 'EUR', 'CHF']);
  });
});

describe('Long texts', () => {
  const long = 'x'.repeat(300);
  test('are held unless the mapping allows cutting, and cutting is said', async () => {
    assert.equal(await out('{ ace: nextStep, crm: NextStep, direction: out }', long), 'VALUE_TOO_LONG');
    const cut = field('{ ace: nextStep, crm: NextStep, direction: out, cutTo: { ace: 255 } }');
    const converted = await toAce(cut, long, {}, false);
    assert.deepEqual(converted, { ok: true, value: 'x'.repeat(255), notes: ['cut'] });
  });

  test('are cut between characters, never inside one', async () => {
    const cut = '{ ace: nextStep, crm: NextStep, direction: both, cutTo: { crm: 3 } }';
    assert.equal(await into(cut, 'ab🚀cd'), 'ab🚀');
  });

  test('fit the mirror on the companion row', async () => {
    const mirror = '{ ace: nextStep, crm: ACE_Sync__r.AWS_Next_Step__c, direction: in }';
    assert.equal(String(await into(mirror, 'x'.repeat(400))).length, 255);
  });
});

describe('Expressions', () => {
  test('read the value and the whole record of their side', async () => {
    const yaml =
      '{ ace: nextStep, crm: NextStep, direction: both, transform: { in: \'value & " (" & ace.stage & ")"\', out: \'crm.Account.Name & ": " & value\' } }';
    assert.equal(await into(yaml, 'Call', { stage: 'Qualified' }), 'Call (Qualified)');
    assert.equal(await out(yaml, 'Call', { 'Account.Name': 'Example' }), 'Example: Call');
  });

  test('that fail hold the field without telling its value', async () => {
    const yaml = "{ ace: nextStep, crm: NextStep, direction: both, transform: { in: '$number(value)' } }";
    assert.equal(await into(yaml, 'a secret'), 'EXPRESSION_FAILED');
  });

  test('are evaluated for many records at once, each with its own', async () => {
    const expression = compileExpression(
      "$join([$$.value, $string($count([1..20][$$.value != '' and $ > 0])), $uppercase(value)], '-')",
    );
    const values = Array.from({ length: 2_000 }, (_none, index) => `v${index}`);
    const results = await Promise.all(values.map((value) => expression.evaluate({ value })));
    assert.deepEqual(
      results,
      values.map((value) => `${value}-20-${value.toUpperCase()}`),
    );
  });

  test('that never end are stopped', async () => {
    const endless = compileExpression('($f := function($x) { $f($x + 1) }; $f(1))');
    await assert.rejects(endless.evaluate({}), /the expression failed/);
  });
});
