import { salesObjects } from './sales-objects.ts';
import type { ObjectSeed } from './schema.ts';
import { setupObjects } from './setup-objects.ts';
import { picklist } from './standard-fields.ts';

/** The currency of a record, in orgs with several currencies. */
export const currencyIsoCode = picklist(
  'CurrencyIsoCode',
  'Currency ISO Code',
  [{ value: 'USD', isDefault: true }, 'EUR', 'GBP', 'JPY', 'AUD', 'CAD', 'CHF', 'INR', 'BRL'],
  { restricted: true },
);

/** The objects that every org has. */
export const standardObjects: readonly ObjectSeed[] = [...setupObjects, ...salesObjects];
