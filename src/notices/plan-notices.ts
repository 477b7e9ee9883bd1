import { randomUUID } from 'node:crypto';
import type { Addressee, NoticeSettings, WatchSettings } from '../config/notice-settings.ts';
import { addresseeOf, channelsOf } from './addressees.ts';
import type { Condition, EvidencePart } from './condition.ts';
import type { Alert, NoticeBook, PendingMessage } from './notice-book.ts';
import { digestText, type NoticeText, noticeText } from './notice-text.ts';
import { localTime } from './working-time.ts';

export interface NoticePlan {
  readonly connection: string;
  readonly notices: NoticeSettings;
  readonly watch: WatchSettings;
  readonly now: Date;
}

/** A state is over when this many looks in a row did not find it: one that comes and goes is not told each time. */
const looksUntilOver = 2;
/** A digest that could not go out within this time is left to the next morning. */
const digestWindow = 4 * 60;
const hour = 60 * 60_000;
/** What an incident kept waiting needs this long to go on before anything else is to be told of it. */
const calmDown = hour / 2;

/**
 * Compares what is with what people were told, and writes one message per addressee for the difference. It looks at
 * states and not at events, so what a limit or a quiet hour holds back is in the next message, as far as it still holds.
 */
export function planNotices(
  book: NoticeBook,
  conditions: readonly Condition[],
  readable: ReadonlySet<EvidencePart>,
  plan: NoticePlan,
): NoticeBook {
  const at = plan.now.toISOString();
  const sent = book.sent.filter((message) => plan.now.getTime() - Date.parse(message.at) < hour);
  let next: NoticeBook = { ...book, alerts: advance(book.alerts, conditions, readable, plan.now), sent };
  for (const addressee of Object.keys(plan.notices.addressees) as Addressee[]) {
    const mine = next.alerts.filter((alert) => addresseeOf(alert.fixBy, plan.notices) === addressee);
    const digest = isDigestDue(next, addressee, plan);
    const known = (alert: Alert) => alert.raised && alert.absent === 0;
    if (digest) next = { ...next, digests: { ...next.digests, [addressee]: localNow(plan).date } };
    const waiting = mine.filter(known);
    const whole = digest && waiting.length > 0;
    // Urgent ones wait neither for the morning nor for the next hour.
    const onlyUrgent = isQuiet(plan) || (!whole && isLimited(next, addressee, plan));
    const news = mine.filter((alert) => known(alert) && alert.toldAt === null && (!onlyUrgent || alert.urgent));
    const over = onlyUrgent ? [] : mine.filter(isOver);
    if (!whole && news.length + over.length === 0) continue;
    const text = whole
      ? digestText(plan.connection, { waiting, over })
      : noticeText(plan.connection, { news, over, waiting: waiting.length });
    next = {
      ...next,
      alerts: markTold(next.alerts, new Set((whole ? waiting : news).map(({ key }) => key)), over, at),
      pending: enqueue(next.pending, addressee, text, plan),
      sent: [...next.sent, { addressee, at }],
    };
  }
  return { ...next, lookedAt: at };
}

const isOver = (alert: Alert): boolean => alert.absent >= looksUntilOver;

/** The alerts after one look. What could not be read stays as it was. */
function advance(
  before: readonly Alert[],
  conditions: readonly Condition[],
  readable: ReadonlySet<EvidencePart>,
  now: Date,
): Alert[] {
  const known = new Map(before.map((alert) => [alert.key, alert]));
  const found = new Set(conditions.map(({ key }) => key));
  const gone = before
    .filter(({ key }) => !found.has(key))
    .map((alert) => (readable.has(alert.part) ? { ...alert, absent: alert.absent + 1 } : alert))
    .filter((alert) => (alert.toldAt !== null && !alert.endsQuietly) || alert.absent < looksUntilOver);
  const isOlder = (iso: string, than: number) => now.getTime() - Date.parse(iso) >= than;
  const present = conditions.map(({ after, since, covered, ...condition }): Alert => {
    const earlier = known.get(condition.key);
    const from = since ?? earlier?.since ?? now.toISOString();
    const coveredAt = covered ? now.toISOString() : (earlier?.coveredAt ?? null);
    const isOpen = coveredAt === null || isOlder(coveredAt, Math.max(after, calmDown));
    const raised = (earlier?.raised ?? false) || (isOpen && isOlder(from, after));
    return { ...condition, since: from, raised, toldAt: earlier?.toldAt ?? null, coveredAt, absent: 0 };
  });
  return [...present, ...gone];
}

/** What was told as over is forgotten; a new one of the same kind is news again. */
function markTold(alerts: readonly Alert[], told: ReadonlySet<string>, over: readonly Alert[], at: string): Alert[] {
  const ended = new Set(over.map(({ key }) => key));
  return alerts
    .filter(({ key }) => !ended.has(key))
    .map((alert) => (told.has(alert.key) && alert.toldAt === null ? { ...alert, toldAt: at } : alert));
}

/**
 * One message per channel. A channel that does not take messages has one waiting, which takes in the later ones, so
 * that its recovery is no flood.
 */
function enqueue(
  pending: readonly PendingMessage[],
  addressee: Addressee,
  { subject, text }: NoticeText,
  { notices, now }: NoticePlan,
): PendingMessage[] {
  const next = [...pending];
  for (const channel of channelsOf(notices.addressees[addressee])) {
    const stuck = next.findIndex((message) => message.addressee === addressee && message.channel === channel);
    const earlier = next[stuck];
    const at = now.toISOString();
    if (earlier !== undefined)
      next[stuck] = { ...earlier, subject, text: shorten(`${earlier.text}\n\n${at}\n${text}`) };
    else next.push({ id: randomUUID(), addressee, channel, subject, text, at, attempts: 0, failedWith: null });
  }
  return next;
}

/** Slack cuts texts at 40,000 characters; what came last says most. */
const longestText = 20_000;
const shorten = (text: string): string => (text.length <= longestText ? text : `…${text.slice(-longestText)}`);

function isLimited({ sent }: NoticeBook, addressee: Addressee, { notices }: NoticePlan): boolean {
  return sent.filter((message) => message.addressee === addressee).length >= notices.messagesPerHour;
}

const localNow = ({ now, watch }: NoticePlan) => localTime(now, watch.timeZone);

function isQuiet(plan: NoticePlan): boolean {
  const { quietFrom, quietTo } = plan.notices;
  if (quietFrom === undefined || quietTo === undefined) return false;
  const { time } = localNow(plan);
  return quietFrom <= quietTo ? time >= quietFrom && time < quietTo : time >= quietFrom || time < quietTo;
}

function isDigestDue({ digests }: NoticeBook, addressee: Addressee, plan: NoticePlan): boolean {
  const { date, time, weekday } = localNow(plan);
  const late = minutesOf(time) - minutesOf(plan.notices.digestAt);
  if (late < 0 || late > digestWindow || digests[addressee] === date) return false;
  return plan.watch.workingDays.split(' ').includes(weekday);
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
