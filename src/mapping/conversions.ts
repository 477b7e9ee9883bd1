import { opportunityCountries } from '../ace/data/countries.ts';
import { toDate, toNumber } from './canonical.ts';
import { countryAliases, countryByCode, stateByCode } from './place-codes.ts';

/**
 * Named conversions of the mapping file (`convert`), each with both directions. A value that a conversion does not know
 * passes unchanged, so that ACE's own rules name it, instead of being lost.
 */
interface Conversion {
  /** ACE's value to the CRM's. */
  readonly in: (value: unknown) => unknown;
  /** The CRM's value to ACE's. */
  readonly out: (value: unknown) => unknown;
}

const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .trim()
    .toLowerCase();

const inverse = (table: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(table).map(([code, name]) => [fold(name), code]));

const codeOfCountry = new Map([...inverse(countryByCode), ...Object.entries(countryAliases)]);
const codeOfState = inverse(stateByCode);
const aceCountries = new Map(opportunityCountries.map((name) => [fold(name), name]));

/** ACE's country name for a code, an everyday name or another spelling. */
function countryName(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const code = codeOfCountry.get(fold(value)) ?? value.trim().toUpperCase();
  return aceCountries.get(fold(value)) ?? countryByCode[code] ?? value;
}

function stateName(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const code =
    codeOfState.get(fold(value)) ?? (fold(value) === 'district of columbia' ? 'DC' : value.trim().toUpperCase());
  return stateByCode[code] ?? value;
}

const lookUp =
  (table: ReadonlyMap<string, string>) =>
  (value: unknown): unknown =>
    typeof value === 'string' ? (table.get(fold(value)) ?? value) : value;

/** Symbols that stand for one currency each; `$` alone is read as the US dollar, as ACE's amounts are. */
const currencySymbols: Readonly<Record<string, string>> = {
  $: 'USD',
  US$: 'USD',
  '€': 'EUR',
  '£': 'GBP',
  '¥': 'JPY',
  '₹': 'INR',
  '₩': 'KRW',
  C$: 'CAD',
  CA$: 'CAD',
  A$: 'AUD',
  R$: 'BRL',
  HK$: 'HKD',
  S$: 'SGD',
  NZ$: 'NZD',
  '₪': 'ILS',
  '₺': 'TRY',
  zł: 'PLN',
  CHF: 'CHF',
};

const unchanged = (value: unknown): unknown => value;
/** Keeps twelve decimals at most, so that 0.29 * 100 does not become 28.999999999999996. */
const scaled = (value: unknown, factor: number): unknown => {
  const number = toNumber(value);
  return number === null ? value : Number((number * factor).toPrecision(12));
};
const yesNo: Readonly<Record<string, boolean>> = { yes: true, no: false };
const day = (value: unknown): unknown => (typeof value === 'string' ? (toDate(value) ?? value) : value);

const conversions = {
  /** The CRM holds country names in any usual spelling; ACE gets its own. */
  countryName: { in: unchanged, out: countryName },
  /** The CRM holds two-letter country codes. */
  countryCode: { in: lookUp(codeOfCountry), out: countryName },
  /** The CRM holds names or codes of US states; ACE gets its own names. */
  stateName: { in: unchanged, out: stateName },
  /** The CRM holds two-letter codes of US states. */
  stateCode: { in: lookUp(codeOfState), out: stateName },
  /** The CRM holds currency symbols or codes; ACE gets three letters. */
  currencyCode: {
    in: unchanged,
    out: (value: unknown) =>
      typeof value === 'string' ? (currencySymbols[value.trim()] ?? value.trim().toUpperCase()) : value,
  },
  /** The CRM holds a fraction (0.25), ACE a percentage (25). */
  percent: { in: (value: unknown) => scaled(value, 0.01), out: (value: unknown) => scaled(value, 100) },
  /** The CRM holds a checkbox, ACE Yes or No. */
  yesNo: {
    in: (value: unknown) => (typeof value === 'string' ? (yesNo[fold(value)] ?? value) : value),
    out: (value: unknown) => (typeof value === 'boolean' ? (value ? 'Yes' : 'No') : value),
  },
  /** The CRM holds a date, ACE a GMT date-time, or the other way round: the calendar day is kept. */
  day: { in: day, out: day },
  /** The CRM holds plain text, ACE a `;` list. */
  commaList: {
    in: (value: unknown) => (typeof value === 'string' ? value.split(';').join(', ') : value),
    out: (value: unknown) =>
      typeof value === 'string'
        ? value
            .split(',')
            .map((part) => part.trim())
            .join(';')
        : value,
  },
} as const satisfies Record<string, Conversion>;

export type ConversionName = keyof typeof conversions;
export const conversionNames = Object.keys(conversions) as [ConversionName, ...ConversionName[]];

export const conversion = (name: ConversionName): Conversion => conversions[name];
