import { type AceRecord, isBlank } from '../ace/ace-record.ts';
import { identityOf } from '../ace/identity.ts';
import { isMasked } from '../ace/life-cycle.ts';
import type { Problem } from '../errors.ts';
import { acceptanceOf, aceStatusOf } from './ace-status.ts';
import { canonicalAce, toDateTime } from './canonical.ts';
import type { ObjectMapping } from './compile.ts';
import { nest } from './expressions.ts';
import type { InboundInput } from './inbound-plan.ts';
import { allFields } from './linked-values.ts';
import { problemOf, type ReasonCode } from './reasons.ts';
import { decideLife } from './record-life.ts';
import { stoppedByPerson } from './row-status.ts';
import type { ReceivedState } from './sync-state.ts';

/**
 * Whether an arriving ACE record is to be merged at all (design.md, rules 6, 8 and 13): its identity, the life of its
 * CRM record, the mapping's disregard rule, its version, and whether an unknown record may become a CRM record.
 */
export type Arrival =
  | { readonly kind: 'merge'; readonly at: string; readonly creates: boolean }
  /** Only the companion row is written: the CRM record comes with the acceptance, or no more. */
  | {
      readonly kind: 'rowOnly';
      readonly at: string;
      readonly outcome: 'apply' | 'ignored';
      readonly code: ReasonCode;
    }
  /** Nothing is written until the answer to our own file has come. */
  | { readonly kind: 'answerAwaited'; readonly problem: Problem }
  | { readonly kind: 'settled'; readonly outcome: 'unchanged' | 'superseded' | 'ignored'; readonly code: ReasonCode }
  | { readonly kind: 'parked'; readonly code: ReasonCode; readonly problem: Problem };

const park = (code: ReasonCode, field?: string): Arrival => ({ kind: 'parked', code, problem: problemOf(code, field) });
const ignore = (code: ReasonCode): Arrival => ({ kind: 'settled', outcome: 'ignored', code });

/** The time of a record's version, ISO 8601 in UTC; null when the record carries none. */
export function versionOf(record: AceRecord): string | null {
  return typeof record.lastModifiedDate === 'string' ? toDateTime(record.lastModifiedDate) : null;
}

export async function decideArrival(input: InboundInput, mapping: ObjectMapping): Promise<Arrival> {
  const { aceId } = identityOf(input.object, input.aceRecord);
  const at = versionOf(input.aceRecord);
  if (aceId === null) return park('ACE_ID_MISSING');
  if (at === null) return park('LAST_MODIFIED_MISSING', 'lastModifiedDate');
  const life = lifeOfLink(input, aceId);
  if (life !== null) return life;
  const disregard = await disregarded(input, mapping);
  if (disregard !== null) return disregard;
  const version = compareVersion(input, at);
  if (version !== null) return version;
  if (input.linked.record === null) return decideUnknown(input, mapping, at);
  const unanswered = fieldUnanswered(input, mapping);
  if (unanswered !== null) return { kind: 'answerAwaited', problem: problemOf('ANSWER_AWAITED', unanswered) };
  return { kind: 'merge', at, creates: false };
}

/**
 * A field of a file that is on its way, of which the export shows another value: whether AWS changed it after it took our
 * file, or the export is older than that, only the time in the answer can tell (rule 9). A create is not asked for:
 * what shows the record is later than it.
 */
function fieldUnanswered({ inFlight, aceRecord, hash }: InboundInput, mapping: ObjectMapping): string | null {
  if (!inFlight || inFlight.kind === 'create') return null;
  const differs = mapping.fields.find((field) => {
    const sent = inFlight.fields[field.key];
    const value = aceRecord[field.ace];
    if (sent === undefined || !(field.ace in aceRecord) || isMasked(value)) return false;
    return hash(field.key, 'ace', canonicalAce(field.type, value)) !== sent.ace;
  });
  return differs?.ace ?? null;
}

function lifeOfLink({ linked }: InboundInput, aceId: string): Arrival | null {
  const { record, row } = linked;
  const life = decideLife(linked);
  const stopped = stoppedByPerson(row?.fields ?? null);
  switch (life.do) {
    case 'ignore':
      return ignore(life.code);
    // Its upload hands the link over or takes it off, and tells the files that wait.
    case 'follow':
      return park('CRM_RECORD_MERGED');
    case 'wipeLink':
      return park('CRM_LINK_COPIED');
    case 'hold':
      return stopped ? ignore('STOPPED') : park(life.problem.code);
    default:
      break;
  }
  // A tombstone forbids creating; a record that was linked since goes on.
  if (record === null && !isBlank(row?.fields.Tombstone__c ?? null)) return ignore('TOMBSTONE');
  if (stopped) return ignore('STOPPED');
  const holders = [record?.aceId ?? null, row?.aceId ?? null].filter((holder) => holder !== null);
  return holders.some((holder) => holder !== aceId) ? park('LINKED_TO_ANOTHER') : null;
}

async function disregarded({ aceRecord, linked }: InboundInput, mapping: ObjectMapping): Promise<Arrival | null> {
  if (mapping.disregard === null) return null;
  try {
    const says = await mapping.disregard.evaluate(aceRecord, { crm: nest(allFields(linked)) });
    return says === true ? ignore('DISREGARDED') : null;
  } catch {
    return park('EXPRESSION_FAILED');
  }
}

/** Older versions are superseded; the same second is decided by the file's LastModified, then its key. */
function compareVersion(input: InboundInput, at: string): Arrival | null {
  const { received, linked } = input;
  const older: Arrival = { kind: 'settled', outcome: 'superseded', code: 'OLDER_VERSION' };
  if (received === null) {
    const held = linked.record?.aceLastModified ?? null;
    return held !== null && Date.parse(held) > Date.parse(at) ? older : null;
  }
  const difference = Date.parse(at) - Date.parse(received.at);
  if (difference < 0) return older;
  if (difference > 0 || isNewerFile(input, received)) return null;
  const sameFile = received.file.key === input.fileKey && received.file.lastModified === input.fileLastModified;
  return sameFile ? { kind: 'settled', outcome: 'unchanged', code: 'ALREADY_APPLIED' } : older;
}

function isNewerFile(input: InboundInput, { file }: ReceivedState): boolean {
  const difference = Date.parse(input.fileLastModified) - Date.parse(file.lastModified);
  return difference === 0 ? input.fileKey > file.key : difference > 0;
}

/** Rule 8: a blank partner identifier means "ACE does not know our id", not "new". */
function decideUnknown(input: InboundInput, mapping: ObjectMapping, at: string): Arrival {
  const { object, aceRecord, linked, mode, received, now } = input;
  const { partnerId } = identityOf(object, aceRecord);
  if (partnerId !== null || (linked.row?.crmId ?? null) !== null) return park('CRM_RECORD_NOT_FOUND');
  if (mode !== 'live') return park('MODE_CREATES_NOTHING');
  const acceptance = acceptanceOf(object, aceStatusOf(object, aceRecord, received?.aceStatus ?? null), now);
  switch (acceptance) {
    case 'notNeeded':
      return park('WAITS_FOR_MATCHING');
    // The row of a referral that waited for its acceptance says how it ended.
    case 'rejected':
      return endOfReferral('ACE_REFERRAL_REJECTED');
    case 'expired':
      return endOfReferral('ACE_REFERRAL_EXPIRED');
    case 'pending':
      return mapping.referral.createAs === 'opportunity'
        ? { kind: 'merge', at, creates: true }
        : { kind: 'rowOnly', at, outcome: 'apply', code: 'CREATED_ON_ACCEPTANCE' };
    case 'accepted':
      return { kind: 'merge', at, creates: true };
  }

  /** A row that was made while the referral was open says how it ended, so that an earlier version creates nothing. */
  function endOfReferral(code: ReasonCode): Arrival {
    return linked.row === null ? ignore(code) : { kind: 'rowOnly', at, outcome: 'ignored', code };
  }
}
