import { z } from 'zod';

/**
 * The sync state of one record, kept as text in its companion row (design.md, State and rules 2, 4, 5, 8, 9).
 * It holds no values: each side of each field is a keyed hash. `ReceivedState` is written by inbound processing only,
 * `SentState` and the intent by `uploadRecord` only, each replaced whole; what both sides agreed on is derived.
 */

const isoTime = z.string();

/** Who wrote the state, and for which record. A foreign stamp (sandbox copy, clone, other installation) is no state. */
export const stampSchema = z.object({
  connection: z.string(),
  environment: z.string(),
  spmsId: z.string(),
  orgId: z.string(),
  installation: z.string(),
  recordId: z.string().nullable(),
  aceId: z.string().nullable(),
});
export type Stamp = z.infer<typeof stampSchema>;

/**
 * What both sides of one field held when they last agreed, and when: ACE's clock, ISO 8601 in UTC.
 * `unknownSide` stands for a side that nobody has seen yet.
 */
export const halfSchema = z.object({ ace: z.string(), crm: z.string(), at: isoTime });
export type Half = z.infer<typeof halfSchema>;

/** Hash of a side nobody has seen; it equals no hash, so nothing is derived from it. */
export const unknownSide = '?';

/**
 * Fields are keyed by ACE field and CRM path (`targetCloseDate>CloseDate`), so that a mapping that moves a field to
 * another path finds no half and adopts one instead of comparing different fields.
 */
export type FieldKey = string;

const hashPair = z.object({ ace: z.string(), crm: z.string() });
export type HashPair = z.infer<typeof hashPair>;

/** The words of ACE that say where a record stands; status words only, never a person's data. */
export const aceStatusSchema = z.object({
  review: z.string().nullable(),
  acceptance: z.string().nullable(),
  stage: z.string().nullable(),
  ownership: z.string().nullable(),
  acceptBy: isoTime.nullable(),
  /** Whether ACE's export shows a partner identifier. */
  partnerIdKnown: z.boolean(),
});
export type AceStatus = z.infer<typeof aceStatusSchema>;

export const receivedStateSchema = z.object({
  v: z.literal(1),
  stamp: stampSchema,
  /** ACE's lastModifiedDate of the version received last. */
  at: isoTime,
  /** The file that brought it; breaks ties between versions of one second. */
  file: z.object({ key: z.string(), lastModified: isoTime }),
  aceStatus: aceStatusSchema,
  fields: z.record(z.string(), halfSchema),
  /** Fields that both sides changed and whose owner is `ask`: ACE's hash, until a person answers. */
  conflicts: z.record(z.string(), z.object({ ace: z.string(), at: isoTime })).default({}),
});
export type ReceivedState = z.infer<typeof receivedStateSchema>;

/** One file that was sent, or is about to be: the intent in `Sending__c` is one `Send`. */
export const sendSchema = z.object({
  name: z.string(),
  sha: z.string(),
  at: isoTime,
  kind: z.enum(['create', 'update']),
  fields: z.record(z.string(), hashPair),
});
export type Send = z.infer<typeof sendSchema>;

export const sentStateSchema = z.object({
  v: z.literal(1),
  stamp: stampSchema,
  /** Frozen at the first send (rule 8). */
  partnerId: z.string().nullable(),
  /** Files sent so far; numbers the attempts in file names. */
  count: z.number().int().nonnegative(),
  /** Files sent since the last agreement, oldest first, so that a late result finds its render. */
  sends: z.array(sendSchema),
  /** Accepted values; `at` is the result's fileApnProcessedDT. */
  fields: z.record(z.string(), halfSchema),
  lastResult: z.object({ name: z.string(), at: isoTime, class: z.string(), code: z.string() }).nullable(),
  /** Sends of one content in a row that ACE was too busy for or did not answer: the last one, how many, and its end. */
  attempts: z.object({ name: z.string(), count: z.number().int().positive(), at: isoTime }).nullable().default(null),
  /** When the sync sent by itself, without a person's edit between (rule 9, ping-pong). */
  autoSends: z.array(isoTime),
  /** When anything was sent lately, whoever edited it. */
  recentSends: z.array(isoTime).default([]),
});
export type SentState = z.infer<typeof sentStateSchema>;

/** Sends kept for late results; older ones have had days to be answered, and the CRM field is 131,072 characters. */
export const maxSends = 8;

/** Changes to an older format, by the version they start from; each returns the next version's shape. */
type Upgrades = Readonly<Record<number, (old: Record<string, unknown>) => Record<string, unknown>>>;
const upgrades: Upgrades = {};
const currentVersion = 1;

export interface StateRead<State> {
  readonly state: State | null;
  /** True when the text is a state of somebody else: treat the record as without state, and say so. */
  readonly foreign: boolean;
  /** True when the text is no state this release can read (a newer release, or damage): hold, never guess. */
  readonly unreadable: boolean;
}

const nothing = { state: null, foreign: false, unreadable: false } as const;
const unreadable = { state: null, foreign: false, unreadable: true } as const;

/**
 * Two stamps belong together when all they both know is equal; an id that one does not know yet says nothing. The ACE id
 * goes before the record's: the survivor of a merge takes the link over with what the loser had agreed on.
 */
export function sameStamp(found: Stamp, expected: Stamp): boolean {
  const owner = (['connection', 'environment', 'spmsId', 'orgId', 'installation'] as const).every(
    (part) => found[part] === expected[part],
  );
  const bothKnow = (part: 'recordId' | 'aceId') => found[part] !== null && expected[part] !== null;
  const part = bothKnow('aceId') ? 'aceId' : 'recordId';
  return owner && (!bothKnow(part) || found[part] === expected[part]);
}

function read<State extends { readonly stamp: Stamp }>(
  schema: z.ZodType<State>,
  text: unknown,
  expected: Stamp,
): StateRead<State> {
  if (typeof text !== 'string' || text.trim() === '') return nothing;
  const raw = parseJson(text);
  if (raw === undefined) return unreadable;
  const parsed = schema.safeParse(upgrade(raw));
  if (!parsed.success) return unreadable;
  return sameStamp(parsed.data.stamp, expected)
    ? { state: parsed.data, foreign: false, unreadable: false }
    : { state: null, foreign: true, unreadable: false };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function upgrade(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null) return raw;
  let state = raw as Record<string, unknown>;
  for (let version = Number(state.v); version < currentVersion; version += 1) {
    const step = upgrades[version];
    if (step === undefined) return raw;
    state = step(state);
  }
  return state;
}

/** Reads `Received_State__c`. Never throws. */
export const readReceivedState = (text: unknown, expected: Stamp): StateRead<ReceivedState> =>
  read(receivedStateSchema, text, expected);

/** Reads `Sent_State__c`. Never throws. */
export const readSentState = (text: unknown, expected: Stamp): StateRead<SentState> =>
  read(sentStateSchema, text, expected);

/** Reads `Sending__c`, the write-ahead intent. One that cannot be read may stand for a file on its way. Never throws. */
export function readIntent(text: unknown): { readonly intent: Send | null; readonly unreadable: boolean } {
  if (typeof text !== 'string' || text.trim() === '') return { intent: null, unreadable: false };
  const parsed = sendSchema.safeParse(parseJson(text));
  return { intent: parsed.success ? parsed.data : null, unreadable: !parsed.success };
}

/** The text to store. */
export const writeState = (state: ReceivedState | SentState | Send): string => JSON.stringify(state);

/** A sent state before the first send. */
export const emptySentState = (stamp: Stamp): SentState => ({
  v: 1,
  stamp,
  partnerId: null,
  count: 0,
  sends: [],
  fields: {},
  lastResult: null,
  attempts: null,
  autoSends: [],
  recentSends: [],
});

/**
 * What both sides last agreed on for a field: the newer of what ACE accepted and what ACE showed; null when neither
 * side ever said anything. On a tie ACE's own export wins.
 */
export function agreedHalf(sent: SentState | null, received: ReceivedState | null, key: FieldKey): Half | null {
  const mine = sent?.fields[key] ?? null;
  const theirs = received?.fields[key] ?? null;
  if (mine === null || theirs === null) return mine ?? theirs;
  return Date.parse(mine.at) > Date.parse(theirs.at) ? mine : theirs;
}

/** The moment before any agreement, for halves that only say "seen here": whatever either side says later is newer. */
export const beforeAll = new Date(0).toISOString();

/** A half that follows from another one: newer than it, and older than whatever ACE says later. */
export const justAfter = (at: string): string => new Date(Date.parse(at) + 1).toISOString();

/** The conflict of a field that nobody answered yet; an answer leaves a newer half in the sent state. */
export function openConflict(
  sent: SentState | null,
  received: ReceivedState | null,
  key: FieldKey,
): ReceivedState['conflicts'][string] | null {
  const conflict = received?.conflicts[key];
  if (conflict === undefined) return null;
  const answered = sent?.fields[key];
  return answered !== undefined && Date.parse(answered.at) > Date.parse(conflict.at) ? null : conflict;
}

/** ACE's dates have whole seconds, its answers milliseconds: an export of the answer's own second may be the later one. */
export const isBefore = (exportedAt: string, answeredAt: string): boolean =>
  Date.parse(exportedAt) < Math.floor(Date.parse(answeredAt) / 1000) * 1000;

/**
 * True while ACE's last word on the record is "not editable" and no export is newer than that: what an older export says
 * was so before. ACE's export and its answer may be handled in either order.
 */
export const refusedSinceExport = (sent: SentState | null, exportedAt: string | null): boolean =>
  sent?.lastResult?.class === 'waitForReview' &&
  (exportedAt === null || Date.parse(exportedAt) <= Date.parse(sent.lastResult.at));

/** Adds a send to those without an answer yet; the oldest go first when there are more than `maxSends`. */
export const withSend = (state: SentState, send: Send): SentState => ({
  ...state,
  count: state.count + 1,
  sends: [...state.sends.filter((other) => other.name !== send.name), send].slice(-maxSends),
});

/**
 * Records what ACE accepted: the hashes of the send that the result names, never of a later read (rule 3). Earlier
 * sends are settled with it; later ones stay open.
 * @param at fileApnProcessedDT of the result, ISO 8601.
 */
export function withAcceptedSend(state: SentState, send: Send, at: string): SentState {
  const fields: Record<string, Half> = { ...state.fields };
  for (const [key, pair] of Object.entries(send.fields)) {
    const before = fields[key];
    if (before === undefined || Date.parse(before.at) <= Date.parse(at)) fields[key] = { ...pair, at };
  }
  const position = state.sends.findIndex((other) => other.name === send.name);
  return { ...state, fields, sends: position < 0 ? state.sends : state.sends.slice(position + 1) };
}

/** Adopts halves without sending anything (`OutboundPlan.baseline`), so that later edits are seen as changes. */
export const withBaseline = (state: SentState, baseline: Readonly<Record<FieldKey, Half>>): SentState => ({
  ...state,
  fields: { ...state.fields, ...baseline },
});
