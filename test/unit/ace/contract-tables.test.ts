import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkRecord } from '../../../src/ace/check.ts';
import { opportunityCountries } from '../../../src/ace/data/countries.ts';
import { countriesWithoutPostalCode, postalFormats } from '../../../src/ace/data/postal-formats.ts';
import { subUseCases } from '../../../src/ace/data/sub-use-cases.ts';
import { leadFields, opportunityFields } from '../../../src/ace/fields.ts';
import { picklists } from '../../../src/ace/picklists.ts';
import { claims } from './claims.ts';
import { digest, published } from './published-definitions.ts';

describe('the field tables', () => {
  test('hold the published fields, in the published versions, and no others', () => {
    const ours = opportunityFields.map(({ name, versions }) => [
      name,
      versions[1] !== undefined,
      versions[2] !== undefined,
    ]);
    const theirs = published.opportunity.map(({ name, v1, v2 }) => [name, v1 !== null, v2 !== null]);
    assert.deepEqual(ours, theirs);
    assert.deepEqual(
      leadFields.map(({ name }) => name),
      published.lead.map(({ name }) => name),
    );
  });

  test('hold the published labels, with the two swapped ones put right', () => {
    const label = (name: string, text: string): string => {
      if (text === '#N/A') return '';
      return name.startsWith('aWSPartnerSuccessManager') ? `AWS Partner Success Manager ${name.slice(24)}` : text;
    };
    assert.deepEqual(
      opportunityFields.map((field) => field.label),
      published.opportunity.map((field) => label(field.name, field.label)),
    );
  });

  test(`keep to all ${claims.length} claims of the published definitions`, () => {
    assert.ok(claims.length > 2_000);
    assert.deepEqual(
      claims.filter(({ holds }) => !holds(checkRecord)).map(({ says }) => says),
      [],
    );
  });
});

describe('the standard values', () => {
  for (const [what, ours, theirs] of [
    ['opportunities, version 1', picklists.opportunity[1], published.lists.opportunity_v1],
    ['opportunities, version 2', picklists.opportunity[2], published.lists.opportunity_v2],
    ['leads', picklists.lead[1], published.lists.lead],
  ] as const) {
    test(`of ${what} are the published ones`, () => {
      assert.deepEqual(Object.fromEntries(Object.entries(ours).map(([field, list]) => [field, digest(list)])), theirs);
    });
  }

  test('of sub use cases and postal codes are the published ones', () => {
    const pairs = Object.entries(subUseCases).flatMap(([useCase, list]) => list.map((entry) => `${useCase}=${entry}`));
    assert.deepEqual(digest(pairs), published.lists.subUseCases);
    assert.deepEqual(
      digest(postalFormats.map(([country, notation]) => `${country}=${notation}`)),
      published.lists.postalFormats,
    );
    assert.deepEqual(digest(countriesWithoutPostalCode), published.lists.withoutPostalCode);
  });
});

describe('the postal formats', () => {
  /** ACE's notation read once more, letter by letter: 9 and N are digits, A a letter. */
  const sample = (notation: string): string => notation.replaceAll('9', '5').replaceAll('N', '5').replaceAll('A', 'K');

  const plain = postalFormats.filter(([, notation]) => /^[-9AN ]+(?: (?:OR|or) [-9AN ]+)*$/.test(notation));

  test('take every alternative of their own notation', () => {
    assert.ok(plain.length > 120);
    for (const [country, notation, expression] of plain) {
      for (const alternative of notation.split(/ or /i)) assert.match(sample(alternative), expression, country);
    }
  });

  test('refuse a character more', () => {
    for (const [country, notation, expression] of plain) {
      for (const alternative of notation.split(/ or /i))
        assert.doesNotMatch(`${sample(alternative)}X`, expression, country);
    }
  });

  for (const [country, good, bad] of [
    ['United Kingdom', ['SW1A 1AA', 'M11AE', 'L2 2DP'], ['12345', 'SW1A']],
    ['Netherlands', ['1012 AB', '1012AB'], ['1012 A']],
    ['Brunei Darussalam', ['KB1234'], ['1234']],
    ['French Guiana', ['97312'], ['97412']],
    ['Lithuania', ['12345', 'LT-12345'], ['LT12345']],
    ['Saint Barthelemy', ['97133'], ['97134']],
  ] as const) {
    test(`of ${country} are read as meant`, () => {
      const expression = postalFormats.find(([name]) => name === country)?.[2];
      assert.ok(expression);
      for (const code of good) assert.match(code, expression);
      for (const code of bad) assert.doesNotMatch(code, expression);
    });
  }

  test('are of countries that ACE knows', () => {
    const known: ReadonlySet<string> = new Set(opportunityCountries);
    assert.deepEqual(
      postalFormats.map(([country]) => country).filter((country) => !known.has(country)),
      [],
    );
  });
});
