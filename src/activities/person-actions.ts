import type { CrmValue } from '../crm/crm.ts';
import type { Action, SyncField } from '../crm/data-model.ts';
import { type DuplicateAnswer, readDuplicates } from '../mapping/duplicates.ts';

/**
 * What a person decided through the Action field, until it is done: kept in `Intent__c`, which only change detection
 * writes. `acceptance` is the answer to an AWS referral or lead.
 */
export interface PersonIntent {
  readonly v: 1;
  readonly acceptance?: { readonly answer: 'Accepted' | 'Rejected'; readonly reason: string | null };
  readonly stopped?: true;
  /** What to do with an ACE record that may be in the CRM already. */
  readonly duplicate?: DuplicateAnswer;
}

/** Reads `Intent__c`; anything unreadable is no intent. */
export function readPersonIntent(text: unknown): PersonIntent {
  if (typeof text !== 'string') return { v: 1 };
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && 'v' in parsed && parsed.v === 1
      ? (parsed as PersonIntent)
      : { v: 1 };
  } catch {
    return { v: 1 };
  }
}

type RowFields = Readonly<Record<string, CrmValue>>;

export interface ActionEffect {
  /** What the row gets, beside the cleared Action. */
  readonly fields: Partial<Record<SyncField, CrmValue>>;
  /** Signal that the record's upload gets afterwards. */
  readonly signal: 'retry' | 'recordChanged' | null;
  /** Whether files of ACE in which the record is parked are tried again. */
  readonly retriesFiles?: true;
  /** Whether exports that were settled without the record are brought in. */
  readonly bringsInMissed?: true;
}

const intent = (row: RowFields, change: Partial<PersonIntent>): Partial<Record<SyncField, CrmValue>> => ({
  Intent__c: JSON.stringify({ ...readPersonIntent(row.Intent__c), ...change }),
});

const refuse = (reason: string): ActionEffect => ({ fields: { Reason__c: reason }, signal: null });

const answer = (row: RowFields, given: 'Accepted' | 'Rejected'): ActionEffect => {
  const reason = typeof row.Rejection_Reason__c === 'string' ? row.Rejection_Reason__c : null;
  if (given === 'Rejected' && reason === null) return refuse('Choose a Rejection Reason, then choose Reject again.');
  return { fields: intent(row, { acceptance: { answer: given, reason } }), signal: 'recordChanged' };
};

/** An answer to a possible duplicate takes an ignored row up again; it is carried out by the file that waits. */
const answerDuplicate = (row: RowFields, duplicate: DuplicateAnswer): ActionEffect => ({
  fields: { ...intent(row, { duplicate }), Status__c: 'Needs attention' },
  signal: null,
  retriesFiles: true,
});

const link = (row: RowFields): ActionEffect => {
  const candidates = readDuplicates(row.Duplicate__c);
  const chosen = row.Opportunity__c ?? row.Lead__c ?? (candidates.length === 1 ? candidates[0]?.id : null);
  if (typeof chosen !== 'string') return refuse('Choose the record in Opportunity or Lead, then choose Link again.');
  return answerDuplicate(row, { crmId: chosen });
};

/** The actions of the companion row as a table: what each writes and whom it wakes. */
export const actionEffects: Readonly<Record<Action, (row: RowFields) => ActionEffect>> = {
  Share: () => ({ fields: { Shared__c: true }, signal: 'recordChanged' }),
  'Send now': () => ({ fields: {}, signal: 'retry' }),
  Retry: () => ({ fields: {}, signal: 'retry', retriesFiles: true }),
  Accept: (row) => answer(row, 'Accepted'),
  Reject: (row) => answer(row, 'Rejected'),
  'Keep ours': () => ({ fields: { Conflict_Answer__c: 'crm' }, signal: 'recordChanged' }),
  "Take AWS's": () => ({ fields: { Conflict_Answer__c: 'ace' }, signal: 'recordChanged' }),
  Stop: (row) => ({
    fields: { Shared__c: false, Status__c: 'Stopped', ...intent(row, { stopped: true }) },
    // An upload that waits or is held ends.
    signal: 'recordChanged',
  }),
  Resume: (row) => {
    const { stopped: _, ...rest } = readPersonIntent(row.Intent__c);
    return {
      fields: {
        Shared__c: true,
        Intent__c: JSON.stringify(rest),
        Status__c: null,
        Reason__c: null,
        Reason_Code__c: null,
      },
      signal: 'recordChanged',
      bringsInMissed: true,
    };
  },
  Link: link,
  'Create new': (row) => answerDuplicate(row, 'create'),
  Unlink: () => refuse('Unlinking is not done from here yet: ask the integration engineer.'),
};
