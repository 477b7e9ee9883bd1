/**
 * Every text in a history, one a line, with each payload's bytes read as UTF-8, for tests that look for what must not be
 * there. Not `JSON.stringify`: the messages of Temporal's API have a `toJSON` that turns payloads into base64, in which
 * nothing would ever be found.
 */
export function historyText(events: unknown): string {
  const texts: string[] = [];
  collect(events, texts);
  return texts.join('\n').replaceAll('\\"', '"');
}

function collect(value: unknown, texts: string[]): void {
  if (typeof value === 'string') texts.push(value);
  else if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString('utf8'));
  else if (typeof value === 'object' && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      texts.push(name);
      collect(part, texts);
    }
  }
}
