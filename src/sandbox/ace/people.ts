import type { AceRecord } from '../../ace/ace-record.ts';
import type { Chance } from './random.ts';

const firstNames = [
  'Amina',
  'Bruno',
  'Chiara',
  'Dmitri',
  'Elif',
  'Farah',
  'Goran',
  'Hana',
  'Ivo',
  'Jana',
  'Kofi',
  'Lena',
];
const lastNames = [
  'Abara',
  'Bergström',
  'Castillo',
  'Dubois',
  'Eriksen',
  'Fontana',
  'Grünwald',
  'Haddad',
  'Ito',
  'Janssen',
];

export interface Person {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
}

/** Invented people: names by chance, addresses in the domains that RFC 2606 keeps free, US fiction phone numbers. */
export function person(chance: Chance, domain: string, ...what: readonly (string | number)[]): Person {
  const firstName = chance.oneOf(firstNames, 'first name', ...what);
  const lastName = chance.oneOf(lastNames, 'last name', ...what);
  const mailbox = `${firstName}.${lastName}`
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z.]/g, '');
  return {
    firstName,
    lastName,
    email: `${mailbox}@${domain}`,
    phone: `+1206555${String(chance.whole(100, 199, 'phone', ...what)).padStart(4, '0')}`,
  };
}

/** The alliance lead at Partner Central, owner of every record that names no other owner. */
export const allianceLead = {
  opportunityOwnerEmail: 'alliance.lead@partner.example',
  opportunityOwnerName: 'Alliance Lead',
} as const;

/** AWS's people on an opportunity; a partner sees them only after approval or acceptance. */
export function awsContacts(chance: Chance, aceId: string): AceRecord {
  const named = (role: string): { name: string; email: string } => {
    const { firstName, lastName, email } = person(chance, 'amazon.example', role, aceId);
    return { name: `${firstName} ${lastName}`, email };
  };
  const salesRep = named('sales rep');
  const accountOwner = named('account owner');
  const developmentManager = named('partner development manager');
  return {
    aWSSalesRepName: salesRep.name,
    aWSSalesRepEmail: salesRep.email,
    aWSAccountOwnerName: accountOwner.name,
    aWSAccountOwnerEmail: accountOwner.email,
    partnerDeveloperManager: developmentManager.name,
    partnerDeveloperManagerEmail: developmentManager.email,
  };
}
