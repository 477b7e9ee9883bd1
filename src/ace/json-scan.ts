/**
 * One pass over a JSON text for what `JSON.parse` hides: a key that stands twice in an object (the last one silently wins),
 * numbers that a double cannot hold, nesting depth, and keys that reach for prototypes. Works on any text without
 * throwing and without recursion; what it says counts only for a text that `JSON.parse` accepts.
 */

export interface JsonScan {
  /** Deepest nesting of objects and arrays; 1 for `{}`. */
  readonly depth: number;
  /** Where a key stands for the second time. */
  readonly duplicateKeys: readonly JsonPath[];
  /** Where a number is changed by reading it as a double. */
  readonly inexactNumbers: readonly JsonPath[];
  /** True when a key is `__proto__`. */
  readonly prototypeKeys: boolean;
}

/** Keys and indexes from the root; cut after 8 steps, which is deeper than any ACE file goes. */
export type JsonPath = readonly (string | number)[];

interface Container {
  readonly keys: Set<string> | null;
  /** The key or index whose value is being read. */
  step: string | number;
}

/** At most this many findings of a kind are kept: a file with thousands of them is as clear with a few. */
const maximumFindings = 20;
const deepestPath = 8;
const numberCharacters = /[-+.0-9eE]/;

export function scanJson(text: string): JsonScan {
  const open: Container[] = [];
  const duplicateKeys: JsonPath[] = [];
  const inexactNumbers: JsonPath[] = [];
  let prototypeKeys = false;
  let depth = 0;
  let nesting = 0;
  let keyExpected = false;

  const path = (): JsonPath => open.slice(0, deepestPath).map((container) => container.step);

  let position = 0;
  while (position < text.length) {
    const character = text.charAt(position);
    if (character === '{' || character === '[') {
      nesting += 1;
      depth = Math.max(depth, nesting);
      // Deeper containers need no keys: a file that deep is refused for its depth.
      if (nesting <= 64) open.push({ keys: character === '{' ? new Set() : null, step: character === '{' ? '' : 0 });
      keyExpected = character === '{';
      position += 1;
    } else if (character === '}' || character === ']') {
      if (nesting <= open.length) open.pop();
      nesting = Math.max(0, nesting - 1);
      keyExpected = false;
      position += 1;
    } else if (character === ',') {
      const container = open.at(-1);
      keyExpected = container?.keys !== null && container !== undefined;
      if (container !== undefined && typeof container.step === 'number') container.step += 1;
      position += 1;
    } else if (character === '"') {
      const end = stringEnd(text, position);
      const container = open.at(-1);
      if (keyExpected && container?.keys) {
        const key = decode(text.slice(position, end));
        container.step = key;
        if (key === '__proto__') prototypeKeys = true;
        if (container.keys.has(key) && duplicateKeys.length < maximumFindings) duplicateKeys.push(path());
        container.keys.add(key);
        keyExpected = false;
      }
      position = end;
    } else if (character === '-' || (character >= '0' && character <= '9')) {
      let end = position + 1;
      while (end < text.length && numberCharacters.test(text.charAt(end))) end += 1;
      if (!isExact(text.slice(position, end)) && inexactNumbers.length < maximumFindings) inexactNumbers.push(path());
      position = end;
    } else {
      position += 1;
    }
  }
  return { depth, duplicateKeys, inexactNumbers, prototypeKeys };
}

/** Position after the closing quote of the string that begins at `start`. */
function stringEnd(text: string, start: number): number {
  let position = start + 1;
  while (position < text.length) {
    const character = text.charAt(position);
    if (character === '\\') position += 2;
    else if (character === '"') return position + 1;
    else position += 1;
  }
  return text.length;
}

function decode(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}

/** 15 significant digits always survive a double (IEEE 754); beyond that the digits are compared. */
function isExact(source: string): boolean {
  const [mantissa = '', exponent = '0'] = source.toLowerCase().split('e');
  const value = Number(source);
  if (!Number.isFinite(value)) return false;
  const digits = significantDigits(mantissa);
  if (digits.length <= 15) return digits === '' || value !== 0;
  return exponent.length < 5 && digits === significantDigits(value.toPrecision(Math.min(100, digits.length)));
}

function significantDigits(mantissa: string): string {
  const [digits = ''] = mantissa.toLowerCase().split('e');
  return digits.replace(/[-+.]/g, '').replace(/^0+/, '').replace(/0+$/, '');
}
