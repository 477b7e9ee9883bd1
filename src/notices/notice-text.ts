import type { Alert } from './notice-book.ts';

export interface NoticeText {
  readonly subject: string;
  /** Plain text: the same for e-mail and webhook. */
  readonly text: string;
}

/** A message lists this many states; the rest is counted. */
const mostListed = 30;

/** What changed for one addressee. */
export function noticeText(
  connection: string,
  { news, over, waiting }: { news: readonly Alert[]; over: readonly Alert[]; waiting: number },
): NoticeText {
  const counts = [
    ...(news.length > 0 ? [`${news.length} new`] : []),
    ...(over.length > 0 ? [`${over.length} resolved`] : []),
    `${waiting} open`,
  ];
  return textOf(`ace-sync ${connection}: ${counts.join(', ')}`, news, over);
}

/** Everything that waits for one addressee, the oldest first. */
export function digestText(
  connection: string,
  { waiting, over }: { waiting: readonly Alert[]; over: readonly Alert[] },
): NoticeText {
  const oldestFirst = waiting.toSorted((one, other) => one.since.localeCompare(other.since));
  return textOf(`ace-sync ${connection}: morning digest, ${waiting.length} open`, oldestFirst, over);
}

function textOf(subject: string, open: readonly Alert[], over: readonly Alert[]): NoticeText {
  const listed = [...open.map(openText), ...over.map(overText)];
  const shown = listed.slice(0, mostListed);
  const rest = listed.length - shown.length;
  const more = rest > 0 ? [`… and ${rest} more: see \`ace-sync inbox\`.`] : [];
  return { subject, text: [subject, ...shown, ...more].join('\n\n') };
}

function openText({ sentence, fix, link, since, urgent }: Alert): string {
  return [`${urgent ? '(!) ' : ''}${sentence}`, fix, `Since ${minuteOf(since)}`, ...(link === null ? [] : [link])].join(
    '\n',
  );
}

/** The count of the last look that found it would mislead, so only what it was about is said. */
const overText = ({ sentence, since }: Alert): string =>
  `Resolved: ${sentence.replace(/^\d+ /, '')} (since ${minuteOf(since)})`;

const minuteOf = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;
