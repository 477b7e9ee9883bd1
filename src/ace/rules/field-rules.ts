/**
 * Rules that hold for every field by its type and standard values. Source of types, lengths and lists: V12 and V14.3.
 */

import { isMasked } from '../mask.ts';
import type { FieldRule } from './rule.ts';

const texts: ReadonlySet<string> = new Set([
  'text',
  'longText',
  'pick',
  'picks',
  'date',
  'dateTime',
  'email',
  'phone',
  'url',
]);

/** A real day of the calendar as `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day >= 1 && day <= (month === 2 && leap ? 29 : (daysInMonth[month - 1] ?? 0));
}

const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Domain of a web address, with or without scheme, path and port. */
export function isDomain(text: string): boolean {
  return /^(?:https?:\/\/)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9](?::\d{1,5})?(?:[/?#]\S*)?$/i.test(
    text,
  );
}

function isEmail(text: string): boolean {
  return text.length <= 254 && /^[^\s@,;<>"]{1,64}@(?:[a-z0-9-]{1,63}\.)+[a-z][a-z0-9-]{1,62}$/i.test(text);
}

/** Spelling without case, dashes and blanks, to recognise a value that differs only in those. */
function loosely(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u2010-\u2015-]/g, '-')
    .replace(/\s+/g, ' ')
    .trim();
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose; tab and line ends are fine.
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

const nearest = new WeakMap<ReadonlySet<string>, ReadonlyMap<string, string>>();

/** A hint at the standard value that is meant, when case, blanks or dashes are all that differs. Never the value itself. */
function hint(text: string, list: ReadonlySet<string>): string {
  let index = nearest.get(list);
  if (index === undefined) {
    index = new Map([...list].map((entry) => [loosely(entry), entry]));
    nearest.set(list, index);
  }
  const meant = index.get(loosely(text));
  return meant === undefined ? '' : ` The standard value is written "${meant}"; case, blanks and dashes count.`;
}

export const fieldRules: readonly FieldRule[] = [
  {
    code: 'ACE_WRONG_TYPE',
    severity: 'error',
    appliesTo: () => true,
    test: (value, { type }) => {
      if (texts.has(type)) return typeof value === 'string' ? false : 'a text';
      if (type === 'array') {
        return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? false : 'an array of texts';
      }
      return typeof value === 'number' && Number.isFinite(value) ? false : 'a JSON number';
    },
    aceText: null,
    verifiedIn: [],
    sentence: '"<label>" must be <limit>.',
    fixBy: 'engineer',
    fix: 'Correct the transform of this field in the mapping.',
    source: 'Samples: money and lead age are JSON numbers, three fields are arrays, all others are texts or null.',
  },
  {
    code: 'ACE_TOO_LONG',
    severity: 'error',
    appliesTo: (field) => field.maxLength !== null,
    test: (value, { field }, context) => {
      if (typeof value !== 'string') return false;
      const limit = field.maxLength ?? Number.POSITIVE_INFINITY;
      const doubted = field.name === 'additionalComments' ? context.switches.additionalCommentsMaximum : limit;
      const least = Math.min(limit, doubted);
      return value.length > least ? String(least) : false;
    },
    aceText: '<label>: data value too large: (max length=<limit>)',
    verifiedIn: [],
    sentence: '"<label>" is longer than ACE\'s <limit> characters.',
    fixBy: 'salesPerson',
    fix: 'Shorten the text.',
    source: 'V12 lengths; the text as third parties report it for nextStep and additionalComments.',
  },
  {
    code: 'ACE_COMMENTS_LONG',
    severity: 'warning',
    appliesTo: (field) => field.name === 'additionalComments',
    test: (value) => typeof value === 'string' && value.length > 255,
    aceText: null,
    verifiedIn: [],
    sentence: '"<label>" is longer than 255 characters: V12 allows 32,768, but ACE was seen to refuse more than 255.',
    fixBy: 'salesPerson',
    fix: 'Keep the comments within 255 characters if ACE refuses them.',
    source: 'V12 against the third-party text "Additional Comments: data value too large (max length=255)".',
  },
  {
    code: 'ACE_STANDARD_VALUE',
    severity: 'error',
    appliesTo: (_field, type, list) => list !== null && type !== 'array',
    test: (value, { type, list }) => {
      if (list === null) return false;
      if (type === 'picks' && typeof value === 'string') {
        const wrong = value.split(';').find((entry) => !list.has(entry));
        return wrong === undefined ? false : ` Several values are joined by ; without blanks.${hint(wrong, list)}`;
      }
      return typeof value === 'string' && !list.has(value) ? hint(value, list) || true : false;
    },
    aceText: 'Invalid Data: Select from the predefined <list> list',
    verifiedIn: [1],
    sentence: '"<label>" holds a value that is not one of ACE\'s standard values.<limit>',
    fixBy: 'salesforceAdministrator',
    fix: 'Pick a standard value, or add the value to the value map of the mapping.',
    source: 'Standard values of V12 and V14.3; the text in FAQ 2022 (version 2: not found).',
  },
  {
    code: 'ACE_UNLISTED_CODE',
    severity: 'error',
    appliesTo: (_field, type, list) => list !== null && type === 'array',
    test: (value, { list }) => Array.isArray(value) && list !== null && !value.every((entry) => list.has(entry)),
    aceText: null,
    verifiedIn: [],
    sentence: '"<label>" holds a code that is not in the list; AWS adds codes monthly, so it may be a new one.',
    fixBy: 'salesPerson',
    fix: "Check the code in AWS's list of products. A new one may be sent: only ACE can say.",
    source: 'V14.3: an invalid code is an error; GH list of products, growing monthly; the text was not found.',
  },
  {
    code: 'ACE_DUPLICATE_VALUE',
    severity: 'warning',
    appliesTo: (_field, type) => type === 'picks' || type === 'array',
    test: (value) => {
      const list = typeof value === 'string' ? value.split(';') : Array.isArray(value) ? value : [];
      return list.length > 1 && new Set(list).size < list.length;
    },
    aceText: null,
    verifiedIn: [],
    sentence: '"<label>" names a value twice.',
    fixBy: 'salesPerson',
    fix: 'Name each value once.',
    source: 'Inference: a multi-select holds each value once.',
  },
  {
    code: 'ACE_DATE',
    severity: 'error',
    appliesTo: (_field, type) => type === 'date',
    test: (value) => typeof value === 'string' && !isDay(value),
    aceText: null,
    verifiedIn: [],
    sentence: '"<label>" is no day of the calendar as YYYY-MM-DD.',
    fixBy: 'engineer',
    fix: 'Send dates as YYYY-MM-DD, in GMT.',
    source: 'V12 and V14.3: dates are YYYY-MM-DD; DOC: all dates in GMT.',
  },
  {
    code: 'ACE_EMAIL',
    severity: 'error',
    appliesTo: (_field, type) => type === 'email',
    test: (value) => typeof value === 'string' && !isMasked(value) && !isEmail(value),
    aceText: null,
    verifiedIn: [],
    sentence: '"<label>" is no e-mail address.',
    fixBy: 'salesPerson',
    fix: 'Correct the e-mail address.',
    source: 'V12 and V14.3: type Email; the text was not found.',
  },
  {
    code: 'ACE_URL',
    severity: 'error',
    appliesTo: (field, type) => type === 'url' && field.name !== 'customerWebsite',
    test: (value) => typeof value === 'string' && !isDomain(value),
    aceText: null,
    verifiedIn: [],
    sentence: '"<label>" is no web address with a valid domain.',
    fixBy: 'salesPerson',
    fix: 'Enter the web address, such as www.example.com.',
    source: 'V12 and V14.3: type URL; only the text for customerWebsite is known (its own rule).',
  },
  {
    code: 'ACE_NUMBER_SIZE',
    severity: 'error',
    appliesTo: (_field, type) => type === 'money',
    test: (value) => (typeof value === 'number' && Math.abs(value) >= 1e15 ? '15' : false),
    aceText: null,
    verifiedIn: [],
    sentence: '"<label>" has more than <limit> digits before the decimal point, which JSON numbers do not keep.',
    fixBy: 'salesPerson',
    fix: 'Correct the amount.',
    source: 'V12: Currency(18,0) and Currency(16,2); IEEE 754 keeps 15 digits.',
  },
  {
    code: 'ACE_MASK_SENT',
    severity: 'warning',
    appliesTo: (_field, type) => texts.has(type),
    test: (value) => isMasked(value),
    aceText: null,
    verifiedIn: [],
    sentence: '"<label>" holds the mask that ACE shows before acceptance, not a real value.',
    fixBy: 'engineer',
    fix: 'Do not send masked values back.',
    source: 'DOC "opportunity sharing": personal data is masked until the referral is accepted.',
  },
  {
    code: 'ACE_CONTROL_CHARACTER',
    severity: 'warning',
    // A value of a list has no such characters, or it is no standard value.
    appliesTo: (_field, type, list) => texts.has(type) && list === null,
    test: (value) => typeof value === 'string' && (!value.isWellFormed() || controlCharacters.test(value)),
    aceText: null,
    verifiedIn: [],
    sentence: '"<label>" holds a control character or half a character.',
    fixBy: 'salesPerson',
    fix: 'Type the text again without pasted control characters.',
    source: 'Inference: nothing is published; such texts come from broken copies.',
  },
];
