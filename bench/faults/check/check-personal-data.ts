import type { Evidence, Violation } from '../evidence.ts';
import { personalPatterns } from '../marks.ts';

/** The planted persons are in the records and files only. */
export function checkPersonalData({ runs, logs, pages, notices, journal }: Evidence): readonly Violation[] {
  const leak = (where: string, what: string): Violation => ({ promise: 'personalData', where, what });
  const leaksIn = (text: string): boolean => personalPatterns.some((pattern) => pattern.test(text));
  return [
    ...runs.flatMap(({ workflowId, type, attributes, history }) => [
      ...(leaksIn(workflowId) ? [leak(type, 'in a workflow id')] : []),
      ...(leaksIn(JSON.stringify(attributes)) ? [leak(workflowId, 'in a search attribute')] : []),
      ...(leaksIn(history) ? [leak(workflowId, `in the history, near ${contextOf(history)}`)] : []),
    ]),
    ...logs.filter(({ text }) => leaksIn(text)).map(({ name }) => leak(name, 'in a log')),
    ...pages.filter(({ text }) => leaksIn(text)).map(({ name }) => leak(name, 'on a page of a worker')),
    ...notices.flatMap((text, index) => (leaksIn(text) ? [leak(`notice ${index + 1}`, 'in a notice')] : [])),
    ...journal.filter((line) => leaksIn(JSON.stringify(line))).map(() => leak('ledger', 'in a line of outcomes')),
  ];
}

/** The kind of event that leaked; the text itself stays where it is. */
function contextOf(history: string): string {
  const at = Math.max(...personalPatterns.map((pattern) => history.search(pattern)));
  const types = [...history.slice(0, at).matchAll(/^([a-zA-Z]+EventAttributes)$/gm)];
  return types.at(-1)?.[1] ?? 'its start';
}
