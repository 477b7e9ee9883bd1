import { isBlank } from '../ace/ace-record.ts';
import { isMasked } from '../ace/life-cycle.ts';
import type { CrmValue, Linked } from '../crm/crm.ts';
import type { Problem } from '../errors.ts';
import { canonicalAce, canonicalCrm } from './canonical.ts';
import type { CompiledField, ObjectMapping } from './compile.ts';
import { type Conflict, dueSide } from './conflicts.ts';
import { leadingOf } from './duplicates.ts';
import { toCrm } from './field-values.ts';
import type { Decision, InboundInput } from './inbound-plan.ts';
import { crmHash, crmValueOf } from './linked-values.ts';
import { isStale, type Merge, mergeField, type Verdict } from './merge-field.ts';
import { problemOf } from './reasons.ts';
import { agreedHalf, type Half, unknownSide } from './sync-state.ts';

/** The merge of all fields of one record: what to write, what to agree on, what is in conflict, and why. */
export interface MergedRecord {
  readonly recordWrites: Record<string, CrmValue>;
  readonly rowWrites: Record<string, CrmValue>;
  readonly decisions: Decision[];
  readonly problems: Problem[];
  /** Conflicts of this export, with ACE's hash. */
  readonly conflicts: Map<string, Conflict & { readonly ace: string }>;
  /** Keys of fields that this export settled, one way or the other. */
  readonly settled: Set<string>;
  /** CRM paths that the plan writes; what lies behind a newly set relation counts as written too. */
  readonly written: Set<string>;
  /** The halves to store, once the written fields are read back. */
  readonly halvesAfter: (after: Linked) => Record<string, Half>;
}

/** ACE's side of a field that it hides; any real value differs from it, so that unmasking counts as ACE's change. */
const maskedSide = 'masked';
/** Stands for a CRM half that is only known once the record is read back. */
const readBack = Symbol('read back');
interface NextHalf {
  readonly ace: string;
  readonly crm: string | typeof readBack;
  readonly at: string;
}

export async function mergeRecord(
  input: InboundInput,
  mapping: ObjectMapping,
  at: string,
  creates: boolean,
): Promise<MergedRecord> {
  const { received, sent, aceRecord, linked, hash } = input;
  // A referral that got its row before its record has a received state without fields: nothing was agreed on yet.
  const neverAgreed = received === null || Object.keys(received.fields).length === 0;
  // A record that carries a version but no state was written by a run that was cut short: of one that the sync made, the
  // values are the sync's.
  const cutShort = received === null && (linked.record?.aceLastModified ?? null) !== null;
  // As long as nobody edited it, what ACE changed meanwhile is no difference of two systems that meet for the first time.
  const leading = cutShort && input.writtenByUs === true ? 'ace' : leadingOf(linked.row?.fields.Duplicate__c);
  const next = new Map<string, NextHalf>();
  const written = new Set<string>();
  const merged = {
    recordWrites: {} as Record<string, CrmValue>,
    rowWrites: {} as Record<string, CrmValue>,
    decisions: [] as Decision[],
    problems: [] as Problem[],
    conflicts: new Map<string, Conflict & { readonly ace: string }>(),
    settled: new Set<string>(),
    written,
  };

  for (const field of mapping.fields) await planField(field);
  return { ...merged, halvesAfter };

  async function planField(field: CompiledField): Promise<void> {
    const value = aceRecord[field.ace];
    if (!(field.ace in aceRecord)) {
      decide(field, 'absent', 'not in this export');
      agreeOnFirstSight(field, hash(field.key, 'ace', null), true);
      return;
    }
    if (isMasked(value)) {
      decide(field, 'masked', 'hidden until accepted');
      // Over a value of ours a mask agrees on nothing, so that unmasking later does not overwrite it.
      agreeOnFirstSight(field, maskedSide, cutShort || isBlank(crmValueOf(field, linked)));
      return;
    }
    const ace = hash(field.key, 'ace', canonicalAce(field.type, value));
    if (field.direction === 'out') {
      if (creates) {
        decide(field, 'new', 'direction out');
        next.set(field.key, { ace, crm: readBack, at });
      } else settle(field, mergeOf(field, ace, crmHash(field, linked, hash)), ace, '');
      return;
    }
    const converted = await toCrm(field, aceRecord, creates);
    if (!converted.ok) {
      decide(field, 'held', converted.code);
      merged.problems.push(problemOf(converted.code, field.ace));
      return;
    }
    const note = converted.notes.length === 0 ? '' : ` (${converted.notes.join(', ')})`;
    if (field.mirror) planMirror(field, converted.value, note);
    else if (creates) {
      decide(field, 'new', `new record${note}`, converted.value !== null);
      if (converted.value !== null) write(field, converted.value);
      next.set(field.key, { ace, crm: readBack, at });
    } else {
      const merge = mergeOf(field, ace, hash(field.key, 'crm', canonicalCrm(field.type, converted.value)));
      if (merge.verdict === 'write') write(field, converted.value);
      if (merge.verdict === 'conflict') {
        const { key, label, crm: path } = field;
        merged.conflicts.set(key, { key, label, path, ours: crmValueOf(field, linked), aws: converted.value, ace });
      }
      settle(field, merge, ace, note);
    }
  }

  function mergeOf(field: CompiledField, ace: string, wanted: string): Merge {
    return mergeField({
      field: leading === null ? field : { ...field, firstSync: leading },
      ace,
      aceBlank: isBlank(aceRecord[field.ace]),
      crm: crmHash(field, linked, hash),
      crmBlank: isBlank(crmValueOf(field, linked)),
      wanted,
      sent: sent?.fields[field.key] ?? null,
      received: received?.fields[field.key] ?? null,
      base: baseOf(field, ace),
      firstSync: neverAgreed,
      at: Date.parse(at),
    });
  }

  /** What files rendered of a field whose answers are not settled yet. */
  function unsettled(field: CompiledField): readonly { readonly ace: string; readonly crm: string }[] {
    return (sent?.sends ?? []).flatMap((send) => send.fields[field.key] ?? []);
  }

  /**
   * What both sides agreed on. An export can show a file before its answer is settled: what it shows of ours is no change
   * of ACE's, and agreed is what the file rendered, because the CRM's value may have been edited since.
   */
  function baseOf(field: CompiledField, ace: string): Half | null {
    const shown = unsettled(field).findLast((pair) => pair.ace === ace);
    return shown === undefined ? agreedHalf(sent, received, field.key) : { ace, crm: shown.crm, at };
  }

  function decide(field: CompiledField, decision: Decision['decision'], rule: string, writes = false): void {
    merged.decisions.push({ aceField: field.ace, path: field.crm, label: field.label, decision, rule, writes });
  }

  function write(field: CompiledField, value: CrmValue): void {
    written.add(field.crm);
    if (field.rowField === null) merged.recordWrites[field.crm] = value;
    else merged.rowWrites[field.rowField] = value;
  }

  /** A field that the first export leaves out or hides: what ACE shows there later is a change of ACE's. */
  function agreeOnFirstSight(field: CompiledField, ace: string, mayAgree: boolean): void {
    if (field.mirror || agreedHalf(sent, received, field.key) !== null) return;
    if (creates) next.set(field.key, { ace, crm: readBack, at });
    else if (neverAgreed && mayAgree) next.set(field.key, { ace, crm: crmHash(field, linked, hash), at });
  }

  /** The mirror shows what AWS holds, unless the export is older than what AWS accepted from us since. */
  function planMirror(field: CompiledField, value: CrmValue, note: string): void {
    const stale = Object.entries(sent?.fields ?? {}).some(
      ([key, half]) =>
        key.startsWith(`${field.ace}>`) &&
        isStale(Date.parse(at), half) &&
        hash(key, 'ace', canonicalAce(field.type, aceRecord[field.ace])) !== half.ace,
    );
    const same = hash(field.key, 'crm', canonicalCrm(field.type, value)) === crmHash(field, linked, hash);
    if (stale) decide(field, 'stale', 'older than our accepted update');
    else if (value === null && field.protectFromBlank) decide(field, 'protected', 'protected from blank');
    else {
      decide(field, 'mirror', `shows what AWS holds${note}`, !same);
      if (!same) write(field, value);
    }
  }

  function settle(field: CompiledField, { verdict, rule }: Merge, ace: string, note: string): void {
    decide(field, verdict, rule + note, verdict === 'write');
    if (verdict === 'stale' || verdict === 'conflict') return;
    merged.settled.add(field.key);
    const base = baseOf(field, ace);
    const crmNow = crmHash(field, linked, hash);
    const halves: Readonly<Record<Exclude<Verdict, 'stale' | 'conflict'>, string | typeof readBack>> = {
      write: readBack,
      same: crmNow,
      aceKept: sent?.fields[field.key]?.crm ?? crmNow,
      unchanged: base?.crm ?? crmNow,
      // Without any agreement the export itself shows that ACE took the file, whatever AWS made of the field since.
      baseline: base?.crm ?? unsettled(field).at(-1)?.crm ?? crmNow,
      protected: base?.crm ?? crmNow,
      onlySent: base?.crm ?? crmNow,
      keepOurs: base === null || base.ace === unknownSide ? dueSide : base.crm,
    };
    // An export that shows what we sent confirms it, also when its whole second lies before the acceptance.
    const accepted = sent?.fields[field.key]?.at;
    const later = accepted !== undefined && Date.parse(accepted) > Date.parse(at) ? accepted : at;
    next.set(field.key, { ace, crm: halves[verdict], at: later });
  }

  function halvesAfter(after: Linked): Record<string, Half> {
    const halves: Record<string, Half> = { ...received?.fields };
    for (const field of mapping.fields.filter((one) => !one.mirror)) {
      const half = next.get(field.key);
      const known: Half | NextHalf | null = half ?? agreedHalf(sent, received, field.key);
      // What we wrote through one entry must not look like a person's edit to another entry of the same CRM field.
      if (half?.crm === readBack || creates || written.has(field.crm)) {
        halves[field.key] = { ace: known?.ace ?? unknownSide, crm: crmHash(field, after, hash), at: half?.at ?? at };
      } else if (half !== undefined) halves[field.key] = { ace: half.ace, crm: String(half.crm), at: half.at };
    }
    return halves;
  }
}
