import { type AceObject, type AceRecord, isBlank, type PayloadVersion } from '../../ace/ace-record.ts';
import { aceErrors, checkRecord } from '../../ace/check.ts';
import { identityFields, identityOf } from '../../ace/identity.ts';
import { lifeCycleState } from '../../ace/life-cycle.ts';
import { recordAnswers } from './answers.ts';
import { findByPartnerId, matchRecord } from './find-record.ts';
import { applyCreate, applyUpdate } from './inbound-values.ts';
import type { RecordResult } from './result-file.ts';
import type { SimulatedRecord } from './state.ts';
import { type Draft, switchesOf, type World } from './world.ts';

export interface Decision {
  readonly result: RecordResult;
  readonly created: boolean;
  /** ACE's id of the record when it was refused because AWS is reviewing it. */
  readonly inReview: string | null;
}

export interface InboundRecord {
  readonly object: AceObject;
  readonly version: PayloadVersion;
  readonly record: AceRecord;
}

const notEditable = recordAnswers.notEditable();

/**
 * Decides one record of an inbound file: finds what it means, asks the contract's rules, and writes what ACE takes to the
 * draft. A partner identifier that ACE does not know makes another opportunity, even where one is there under another
 * identifier: that is how ACE behaves, and the accident that a sync must prevent.
 */
export function decideRecord(world: World, draft: Draft, inbound: InboundRecord): Decision {
  const { object, version, record } = inbound;
  const switches = switchesOf(world);
  const identity = identityOf(object, record);
  const stored = matchRecord(draft, object, identity, switches);
  const refuse = (errors: readonly string[], aceId: string | null): Decision => ({
    result: { partnerId: identity.partnerId, aceId, errors },
    created: false,
    inReview: stored !== undefined && errors.includes(notEditable) && isReviewed(stored) ? stored.aceId : null,
  });

  if (stored === undefined && object === 'lead') {
    return refuse([recordAnswers.leadUnknown()], null);
  }
  if (stored === undefined && identity.partnerId === null) {
    return refuse(
      [identity.aceId === null ? recordAnswers.partnerIdMissing() : recordAnswers.opportunityUnknown()],
      null,
    );
  }

  const now = world.clock.now().toISOString();
  const problems = checkRecord({
    object,
    version,
    programme: switches.programme,
    intent: stored === undefined ? 'create' : 'update',
    record,
    ...(stored === undefined ? {} : { stored: stored.fields }),
    today: now.slice(0, 10),
    now,
    switches,
  });
  const texts = aceErrors(problems, { record, stored: stored?.fields, switches, version });
  const errors = [...texts, ...foreignErrors(world, draft, inbound, stored)];
  if (errors.length > 0) {
    const known = stored?.aceId ?? null;
    const hidden = errors.includes(notEditable) && switches.aceIdWhenNotEditable === 'null';
    return refuse(errors, hidden ? null : known);
  }
  const dropped = new Set(
    problems.flatMap(({ code, field }) => (field !== undefined && code.endsWith('_IGNORED') ? [field] : [])),
  );
  if (stored === undefined) {
    const created = applyCreate(world, draft, { ...inbound, dropped });
    return {
      result: { partnerId: identity.partnerId, aceId: created.aceId, errors: [] },
      created: true,
      inReview: null,
    };
  }
  const changed = applyUpdate(world, draft, { ...inbound, dropped }, stored);
  if (!changed && object === 'lead') return refuse([recordAnswers.unchangedLead()], stored.aceId);
  return {
    result: { partnerId: identity.partnerId, aceId: stored.aceId, errors: [] },
    created: false,
    inReview: null,
  };
}

function isReviewed(record: SimulatedRecord): boolean {
  return lifeCycleState(record.object, record.fields) === 'inReview';
}

/** What only ACE can know, and no check of a single record: its users and its other records. */
function foreignErrors(
  world: World,
  draft: Draft,
  { object, record }: InboundRecord,
  stored: SimulatedRecord | undefined,
): readonly string[] {
  const errors: string[] = [];
  const users = switchesOf(world).partnerCentralUsers;
  const owner = object === 'lead' ? record.leadOwnerEmail : record.opportunityOwnerEmail;
  if (users !== null && typeof owner === 'string' && owner !== '' && !users.includes(owner)) {
    const label = object === 'lead' ? 'Lead' : 'Opportunity';
    errors.push(recordAnswers.ownerUnknown(label, owner));
  }
  const { partner } = identityFields[object];
  const partnerId = record[partner];
  if (stored !== undefined && !isBlank(partnerId) && partnerId !== stored.fields[partner]) {
    const holder = findByPartnerId(draft, object, String(partnerId));
    if (holder !== undefined && holder.aceId !== stored.aceId) {
      errors.push(recordAnswers.partnerIdTaken(partner, holder.aceId));
    }
  }
  return errors;
}
