/** AWS's published field definitions as a fixture, apart from the tables under test, and cases made from them. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { AceRecord, PayloadVersion, Programme } from '../../../src/ace/ace-record.ts';
import type { CheckRecord } from '../../../src/ace/check.ts';
import { approved, ids, lead, mandatoryCreate, today } from './sample-records.ts';

const editable = z.enum(['Y', '-', 'ISV', 'SP', 'ro']);
const listDigest = z.object({ count: z.number(), sha256: z.string() });
const lists = z.record(z.string(), listDigest);

const schema = z.object({
  opportunity: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      v2: z
        .object({
          type: z.string(),
          inbound: z.enum(['M', 'C', 'O', 'ro']),
          editable: z.tuple([editable, editable, editable, editable]),
        })
        .nullable(),
      v1: z
        .object({
          type: z.string(),
          maxLength: z.string().nullable(),
          afterCreate: z.string(),
          direction: z.string(),
          createRule: z.string().nullable(),
        })
        .nullable(),
    }),
  ),
  lead: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      rule: z.string().nullable(),
      partnerMay: z.string(),
      direction: z.string(),
    }),
  ),
  lists: z.object({
    opportunity_v1: lists,
    opportunity_v2: lists,
    lead: lists,
    postalFormats: listDigest,
    withoutPostalCode: listDigest,
    subUseCases: listDigest,
  }),
});

export const published = schema.parse(
  JSON.parse(readFileSync(new URL('./fixtures/field-definitions.json', import.meta.url), 'utf8')),
);

export type PublishedOpportunityField = (typeof published.opportunity)[number];

export function digest(list: readonly string[]): { readonly count: number; readonly sha256: string } {
  const sha256 = createHash('sha256')
    .update([...list].sort().join('\n'))
    .digest('hex');
  return { count: list.length, sha256 };
}

/** A claim of AWS's definitions on one field, to be put to a checker. */
export interface Claim {
  readonly field: string;
  readonly says: string;
  /** True when the checker keeps to it. */
  readonly holds: (check: CheckRecord) => boolean;
}

/** Identifiers are taken in every state: they name the record and change nothing. */
const identifiers = new Set(['apnCrmUniqueIdentifier', 'partnerCrmUniqueIdentifier']);

/** The answer to an AWS referral is open only while it is pending, in none of the four states. */
const answers = new Set(['partnerAcceptanceStatus', 'rejectionReason']);

/** What version 1 keeps open after Launched (acceptance scenario B3.9), beside what version 2 opens to programmes. */
const publicReference = new Set(['isThisAPublicReference', 'publicReferenceUrl', 'publicReferenceTitle']);

const states = [
  ['create', undefined],
  ['Action Required', { status: 'Action Required' }],
  ['approved', {}],
  ['Launched', { stage: 'Launched', awsAccountId: '123456789012' }],
] as const;

/** A value of the right JSON type that differs from every sample. */
function valueFor(type: string): unknown {
  if (/Array/.test(type)) return ['S-9999999'];
  if (/Currency|Number/.test(type)) return 77;
  return 'something new';
}

type Outcome = 'taken' | 'dropped' | 'refused' | 'readOnly' | 'absent';

const outcomes: Readonly<Record<string, Outcome>> = {
  ACE_ACTION_REQUIRED: 'refused',
  ACE_OFFERS_ON_CREATE: 'refused',
  ACE_READ_ONLY: 'readOnly',
  ACE_OTHER_VERSION: 'absent',
  ACE_IGNORED_ON_CREATE: 'dropped',
  ACE_IGNORED_NOW: 'dropped',
  ACE_IGNORED_AFTER_LAUNCH: 'dropped',
  ACE_ACCEPTANCE_DECIDED: 'dropped',
};

/** What becomes of a field, whatever is said of its value. */
function outcome(
  check: CheckRecord,
  version: PayloadVersion,
  programme: Programme,
  at: number,
  name: string,
  value: unknown,
): Outcome {
  const [state, held] = states[at] ?? states[0];
  const creating = state === 'create';
  const problems = check({
    object: 'opportunity',
    version,
    programme,
    intent: creating ? 'create' : 'update',
    record: creating ? { ...mandatoryCreate(version), [name]: value } : { ...ids, [name]: value },
    ...(creating ? {} : { stored: approved(version, held) }),
    today,
  }).filter(({ field }) => field === name);
  const said = problems.find(({ code }) => outcomes[code] !== undefined);
  return outcomes[said?.code ?? ''] ?? 'taken';
}

function expected(mark: string | undefined, at: number, programme: Programme): Outcome {
  if (mark === 'ro') return 'readOnly';
  const open =
    mark === 'Y' ||
    (mark === 'ISV' && programme !== 'consulting') ||
    (mark === 'SP' && programme === 'saasRevenueRecognition');
  if (open) return 'taken';
  return at === 1 ? 'refused' : 'dropped';
}

/** V12 has one column for the time after create. Where it is silent the marks of V14.3 are taken over. */
function expectedV1(field: PublishedOpportunityField, at: number, programme: Programme): Outcome {
  const { name, v1, v2 } = field;
  if (v1 === null) return 'absent';
  if (v1.direction === 'Outbound Only') return 'readOnly';
  if (at === 0) return expected(v2?.editable[0] ?? 'Y', at, programme);
  if (at === 1) return expected(v2?.editable[1] ?? '-', at, programme);
  if (at === 2) return v1.afterCreate === 'Read Only' || answers.has(name) ? 'dropped' : 'taken';
  return publicReference.has(name) ? 'taken' : expected(v2?.editable[3] ?? '-', at, programme);
}

function claimsOfStates(field: PublishedOpportunityField): readonly Claim[] {
  const { name, v1, v2 } = field;
  const wantedOf = (version: PayloadVersion, at: number, programme: Programme): Outcome => {
    // An offer on create is an error (V14.3 note).
    if (name === 'offers' && version === 2 && at === 0) return 'refused';
    if (version === 1) return expectedV1(field, at, programme);
    return v2 === null ? 'absent' : expected(v2.editable[at], at, programme);
  };
  return ([1, 2] as const).flatMap((version) =>
    (['consulting', 'isvAccelerate', 'saasRevenueRecognition'] as const).flatMap((programme) =>
      [0, 1, 2, 3].map((at) => {
        const wanted = wantedOf(version, at, programme);
        const type = (version === 1 ? v1?.type : v2?.type) ?? 'Text';
        return {
          field: name,
          says: `v${version} ${name} is ${wanted} for ${programme} at ${states[at]?.[0]}`,
          holds: (check: CheckRecord) => outcome(check, version, programme, at, name, valueFor(type)) === wanted,
        };
      }),
    ),
  );
}

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
