import type { CompiledField } from './compile.ts';
import { dueSide } from './conflicts.ts';
import { type Half, unknownSide } from './sync-state.ts';

/**
 * The three-way merge of one field (design.md, rules 5 and 9): ACE's value, the CRM's value, and what both held when
 * they last agreed. All sides are hashes; whatever writes or converts values stays outside.
 */
export interface MergeQuestion {
  readonly field: Pick<CompiledField, 'direction' | 'owner' | 'firstSync' | 'protectFromBlank'>;
  /** ACE's value now. */
  readonly ace: string;
  /** True when ACE's value is blank. */
  readonly aceBlank: boolean;
  /** The CRM's value now. */
  readonly crm: string;
  readonly crmBlank: boolean;
  /** What the CRM would hold if ACE's value were written. */
  readonly wanted: string;
  readonly sent: Half | null;
  readonly received: Half | null;
  readonly base: Half | null;
  /** True when no version of the record was received before: first-sync rules apply, later ones are baselines. */
  readonly firstSync: boolean;
  /** ACE's lastModifiedDate, in milliseconds. */
  readonly at: number;
}

export type Verdict =
  /** Write ACE's value to the CRM. */
  | 'write'
  /** ACE did not change it. */
  | 'unchanged'
  /** ACE changed it to what the CRM holds already. */
  | 'same'
  /** No agreement is known: today's values become the agreement, nothing is written. */
  | 'baseline'
  /** ACE cleared it, and the mapping protects the CRM's value. */
  | 'protected'
  /** Both changed it and the CRM owns it: ours stays and is sent. */
  | 'keepOurs'
  /** Both changed it and a person decides. */
  | 'conflict'
  /** The export is older than what ACE accepted from us since. */
  | 'stale'
  /** ACE accepted our value and kept its own. */
  | 'aceKept'
  /** ACE changed it, but the mapping only sends this field. */
  | 'onlySent';

export interface Merge {
  readonly verdict: Verdict;
  /** The rule in words, for people. */
  readonly rule: string;
}

const answer = (verdict: Verdict, rule: string): Merge => ({ verdict, rule });

/** ACE's times: lastModifiedDate has whole seconds, fileApnProcessedDT milliseconds. */
export const isStale = (at: number, sent: Half | null): boolean =>
  sent !== null && at < Math.floor(Date.parse(sent.at) / 1000) * 1000;

/** Decides one field. Pure. */
export function mergeField(question: MergeQuestion): Merge {
  const { field, ace, sent, received, base, at } = question;
  if (sent !== null && ace !== sent.ace && sent.ace !== unknownSide) {
    if (isStale(at, sent)) return answer('stale', 'older than our accepted update');
    const confirmed = received !== null && Date.parse(received.at) >= Date.parse(sent.at);
    if (!confirmed && (received === null ? field.owner !== 'ace' : received.ace === ace)) {
      return answer('aceKept', 'ACE accepted our value and kept its own');
    }
  }
  if (base === null || base.ace === unknownSide) {
    if (question.firstSync) return firstSync(question);
    // A person wants AWS to have the CRM's value: it stays due until it is sent.
    if (base?.crm === dueSide) return answer('unchanged', 'newly mapped field, ours is due');
    return answer('baseline', 'newly mapped field');
  }
  if (base.ace === ace) return answer('unchanged', 'ACE did not change it');
  if (field.direction === 'out') return answer('onlySent', 'direction out');
  if (question.wanted === question.crm) return answer('same', 'both sides hold the same');
  if (question.aceBlank && field.protectFromBlank) return answer('protected', 'protected from blank');
  if (base.crm === question.crm) return answer('write', 'ACE changed it');
  switch (field.owner) {
    case 'ace':
      return answer('write', 'both changed it, ACE owns it');
    case 'crm':
      return answer('keepOurs', 'both changed it, the CRM owns it');
    case 'ask':
      return answer('conflict', 'both changed it, a person decides');
  }
}

function firstSync(question: MergeQuestion): Merge {
  const { field } = question;
  if (field.direction === 'out' || question.wanted === question.crm) return answer('baseline', 'first sync');
  if (question.aceBlank && field.protectFromBlank) return answer('baseline', 'first sync, ACE holds nothing');
  switch (field.firstSync) {
    case 'keepBoth':
      return answer('baseline', 'first sync keeps both');
    case 'ace':
      return answer('write', 'first sync takes ACE');
    case 'crm':
      return answer('keepOurs', 'first sync takes the CRM');
    case 'fillBlanks':
      return question.crmBlank
        ? answer('write', 'first sync fills blanks')
        : answer('baseline', 'first sync keeps both');
    case 'ask':
      return answer('conflict', 'first sync asks');
  }
}
