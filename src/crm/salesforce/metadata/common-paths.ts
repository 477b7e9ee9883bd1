import type { MappedPath } from '../check/finding.ts';

const paths = (object: MappedPath['object'], access: MappedPath['access'], names: readonly string[]): MappedPath[] =>
  names.map((path) => ({ object, path, access }));

/**
 * Standard fields that nearly every mapping uses: what the integration user is granted when no mapping is at hand yet.
 * A mapping that uses others is granted those when `salesforce setup` runs with it.
 */
export const commonPaths: readonly MappedPath[] = [
  ...paths('opportunity', 'write', ['AccountId', 'Amount', 'Description', 'NextStep', 'LeadSource', 'Type']),
  ...paths('opportunity', 'read', ['Account.Industry', 'Account.Phone']),
  ...paths(
    'opportunity',
    'create',
    ['Website', 'BillingStreet', 'BillingCity', 'BillingState', 'BillingPostalCode', 'BillingCountry'].map(
      (name) => `Account.${name}`,
    ),
  ),
  ...paths('lead', 'write', [
    'FirstName',
    'Email',
    'Phone',
    'Title',
    'Street',
    'City',
    'State',
    'PostalCode',
    'Country',
    'Website',
    'Industry',
    'Description',
    'LeadSource',
  ]),
];
