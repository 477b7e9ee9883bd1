import { readDocument } from './document.ts';

/** The saved queries of the runbook. */
export const savedQueries: readonly { readonly name: string; readonly query: string }[] = [
  ...readDocument('docs/runbook.md').matchAll(/^\| ([^|`]+) \| `((?:\w+ (?:=|IN) )[^`]+)` \|$/gm),
].map(([, name = '', query = '']) => ({ name, query }));
