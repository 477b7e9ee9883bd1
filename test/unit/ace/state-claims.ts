/** Claims of AWS's definitions on who may change a field in which state. */

import type { PayloadVersion, Programme } from '../../../src/ace/ace-record.ts';
import type { CheckRecord } from '../../../src/ace/check.ts';
import type { PublishedOpportunityField } from './published-definitions.ts';
import { approved, ids, mandatoryCreate, today } from './sample-records.ts';

/** A claim of AWS's definitions on one field, to be put to a checker. */
export interface Claim {
  readonly field: string;
  readonly says: string;
  /** True when the checker keeps to it. */
  readonly holds: (check: CheckRecord) => boolean;
}

/** Identifiers are taken in every state: they name the record and change nothing. */
export const identifiers = new Set(['apnCrmUniqueIdentifier', 'partnerCrmUniqueIdentifier']);

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
export function valueFor(type: string): unknown {
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

export function claimsOfStates(field: PublishedOpportunityField): readonly Claim[] {
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
