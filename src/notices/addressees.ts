import type { Addressee, NoticeSettings } from '../config/notice-settings.ts';
import type { FixBy } from '../errors.ts';

/** Who is told, in this order: the first one that the configuration reaches. */
const chains: Readonly<Record<FixBy, readonly Addressee[]>> = {
  salesPerson: ['salesPerson', 'allianceManager', 'engineer'],
  allianceManager: ['allianceManager', 'engineer'],
  salesforceAdministrator: ['salesforceAdministrator', 'engineer'],
  engineer: ['engineer', 'allianceManager'],
  // The alliance manager talks to AWS; what nobody can fix is still the engineer's to know.
  aws: ['allianceManager', 'engineer'],
  nobody: ['engineer', 'allianceManager'],
};

export const channels = ['webhook', 'email'] as const;
export type Channel = (typeof channels)[number];

/** The addressee of what `fixBy` can fix; null when the configuration reaches nobody who would know. */
export function addresseeOf(fixBy: FixBy, { addressees }: Pick<NoticeSettings, 'addressees'>): Addressee | null {
  return chains[fixBy].find((addressee) => channelsOf(addressees[addressee]).length > 0) ?? null;
}

export function channelsOf(addressee: NoticeSettings['addressees'][Addressee]): readonly Channel[] {
  return channels.filter((channel) => addressee[channel] !== undefined);
}
