/** Claims of AWS's definitions on values, leads and identifiers; and all claims together. */

import type { AceRecord, PayloadVersion } from '../../../src/ace/ace-record.ts';
import type { CheckRecord } from '../../../src/ace/check.ts';
import { type PublishedOpportunityField, published } from './published-definitions.ts';
import { approved, ids, lead, mandatoryCreate, today } from './sample-records.ts';
import { type Claim, claimsOfStates, identifiers, valueFor } from './state-claims.ts';

/** A field that can be sent on create in a version is judged there. */
function onCreate(check: CheckRecord, version: PayloadVersion, name: string, value: unknown): ReadonlySet<string> {
  const record: AceRecord = { ...mandatoryCreate(version), [name]: value };
  const problems = check({ object: 'opportunity', version, programme: 'consulting', intent: 'create', record, today });
  return new Set(problems.filter(({ field }) => field === name).map(({ code }) => code));
}

function claimsOfValues(field: PublishedOpportunityField): readonly Claim[] {
  const { name, v1, v2 } = field;
  const claims: Claim[] = [];
  const versions = ([1, 2] as const).filter((version) => {
    if (version === 2) return v2?.editable[0] === 'Y';
    // V12 has no column for create: what V14.3 drops on create is dropped there too.
    return v1 !== null && v1.direction !== 'Outbound Only' && (v2 === null || v2.editable[0] === 'Y');
  });
  const ownLength = /Text \((\d+)\)/.exec(v2?.type ?? '')?.[1];
  const length = Number(ownLength ?? (/^\d+$/.test(v1?.maxLength ?? '') ? v1?.maxLength : Number.NaN));
  for (const version of versions) {
    const type = (version === 2 ? v2?.type : v1?.type) ?? '';
    const codes = (check: CheckRecord, value: unknown) => onCreate(check, version, name, value);
    const say = (says: string, holds: Claim['holds']): void =>
      void claims.push({ field: name, says: `v${version} ${name} ${says}`, holds });
    const isText = !/Array|Currency/.test(type);
    say(`has the JSON type of ${type}`, (check) => {
      const right = codes(check, valueFor(type)).has('ACE_WRONG_TYPE');
      return !right && codes(check, isText ? 5 : 'five').has('ACE_WRONG_TYPE');
    });
    if (Number.isFinite(length) && isText && !/pick/i.test(type)) {
      say(`has at most ${length} characters`, (check) => {
        const fits = codes(check, 'x'.repeat(length));
        return !fits.has('ACE_TOO_LONG') && codes(check, 'x'.repeat(length + 1)).has('ACE_TOO_LONG');
      });
    }
    if (/pick/i.test(type)) {
      say('has standard values', (check) => codes(check, 'no such value').has('ACE_STANDARD_VALUE'));
    }
    const several = version === 2 ? type.includes('pickN') : /multi select/i.test(v1?.createRule ?? '');
    if (/pick/i.test(type)) {
      say(several ? 'takes several values' : 'takes one value', (check) => {
        const twice = { value: firstValue(check, version, name) };
        if (twice.value === null) return false;
        return codes(check, `${twice.value};${twice.value}`).has('ACE_STANDARD_VALUE') === !several;
      });
    }
    if (/^email$/i.test(type)) say('is an e-mail address', (check) => codes(check, 'nobody').has('ACE_EMAIL'));
    if (/^date$/i.test(type)) say('is a date', (check) => codes(check, '2027-13-01').has('ACE_DATE'));
    const mandatory = version === 2 ? v2?.inbound === 'M' : /^Mandatory(?!.*(?:\bif|when))/i.test(v1?.createRule ?? '');
    const needed = (mandatory || name === 'partnerCrmUniqueIdentifier') && name !== 'opportunityOwnerEmail';
    say(needed ? 'is mandatory' : 'is not mandatory', (check) => {
      const missing = [...codes(check, null)].some(
        (code) => code.endsWith('REQUIRED') && code !== 'ACE_STATE_REQUIRED',
      );
      return missing === needed;
    });
  }
  return claims;
}

/** Values that are standard in some version; the checker under test says which is one here. */
const candidates: Readonly<Record<string, readonly string[]>> = {
  partnerPrimaryNeedFromAws: ['Deal support', 'Co-Sell - Deal Support'],
  useCase: ['Storage', 'Storage & Backup'],
};
const anyValue = [
  'Yes',
  'No',
  'Oracle Cloud',
  'Resell',
  'Email',
  'Windows',
  'SOW Signed',
  'Expansion',
  'Retail',
  'Ohio',
  'Canada',
  'USD',
  'Price',
  'Contract',
  'Qualified',
  'Data Lake',
  'Storage',
];

function firstValue(check: CheckRecord, version: PayloadVersion, name: string): string | null {
  const list = candidates[name] ?? anyValue;
  return list.find((value) => !onCreate(check, version, name, value).has('ACE_STANDARD_VALUE')) ?? null;
}

function claimsOfLead(field: (typeof published.lead)[number]): readonly Claim[] {
  // V14 changed the format of opportunities only.
  return ([1, 2] as const).flatMap((version) => claimsOfLeadIn(version, field));
}

function claimsOfLeadIn(version: PayloadVersion, field: (typeof published.lead)[number]): readonly Claim[] {
  const { name, type, partnerMay, direction } = field;
  const isIdentifier = name === 'apnCrmUniqueIdentifier' || name === 'partnerCrmLeadId';
  const right = /Number/.test(type) ? 77 : 'something new';
  const codes = (check: CheckRecord, sent: unknown): ReadonlySet<string> => {
    const record = { apnCrmUniqueIdentifier: lead.apnCrmUniqueIdentifier, [name]: sent };
    const problems = check({
      object: 'lead',
      version,
      programme: 'consulting',
      intent: 'update',
      record,
      stored: lead,
      today,
    });
    return new Set(problems.filter((problem) => problem.field === name).map(({ code }) => code));
  };
  const claims: Claim[] = [];
  const say = (says: string, holds: Claim['holds']): void =>
    void claims.push({ field: name, says: `v${version} lead ${name} ${says}`, holds });
  const readOnly = !isIdentifier && (direction === 'Outbound Only' || partnerMay === 'Read Only');
  say(readOnly ? 'is read only' : 'is taken', (check) => {
    const found = codes(check, right);
    return found.has('ACE_READ_ONLY') === readOnly && !found.has('ACE_IGNORED_NOW') && !found.has('ACE_OTHER_VERSION');
  });
  if (readOnly) return claims;
  const length = /(?:Text|URL|Area) (\d+)$/.exec(type)?.[1];
  if (length !== undefined) {
    say(`has at most ${length} characters`, (check) => {
      const fits = codes(check, 'x'.repeat(Number(length)));
      return !fits.has('ACE_TOO_LONG') && codes(check, 'x'.repeat(Number(length) + 1)).has('ACE_TOO_LONG');
    });
  }
  if (type.startsWith('pick'))
    say('has standard values', (check) => codes(check, 'no value').has('ACE_STANDARD_VALUE'));
  say('is a text', (check) => !codes(check, 'five').has('ACE_WRONG_TYPE') && codes(check, 5).has('ACE_WRONG_TYPE'));
  return claims;
}

/** The identifiers: the partner's has a length and is needed on create; ACE's is dropped there. */
const claimsOfIdentifiers: readonly Claim[] = ([1, 2] as const).flatMap((version) => {
  const { partnerCrmUniqueIdentifier: partner, apnCrmUniqueIdentifier: ace } = ids;
  const update = (check: CheckRecord, changes: AceRecord): ReadonlySet<string> => {
    const record = { apnCrmUniqueIdentifier: ace, partnerCrmUniqueIdentifier: partner, ...changes };
    const stored = approved(version, changes);
    const problems = check({
      object: 'opportunity',
      version,
      programme: 'consulting',
      intent: 'update',
      record,
      stored,
      today,
    });
    return new Set(problems.map(({ code }) => code));
  };
  return [
    {
      field: 'apnCrmUniqueIdentifier',
      says: `v${version} ACE's identifier is dropped on create`,
      holds: (check: CheckRecord) =>
        onCreate(check, version, 'apnCrmUniqueIdentifier', ace).has('ACE_IGNORED_ON_CREATE'),
    },
    {
      field: 'apnCrmUniqueIdentifier',
      says: `v${version} ACE's identifier has at most 18 characters`,
      holds: (check: CheckRecord) =>
        update(check, { apnCrmUniqueIdentifier: `O${'1'.repeat(17)}` }).size === 0 &&
        update(check, { apnCrmUniqueIdentifier: `O${'1'.repeat(18)}` }).has('ACE_TOO_LONG'),
    },
  ];
});

/** Every claim of the definitions that concerns what a partner sends. */
export const claims: readonly Claim[] = [
  ...published.opportunity.filter(({ name }) => !identifiers.has(name)).flatMap(claimsOfStates),
  ...published.opportunity.filter(({ name }) => name !== 'apnCrmUniqueIdentifier').flatMap(claimsOfValues),
  ...claimsOfIdentifiers,
  ...published.lead.flatMap(claimsOfLead),
];
