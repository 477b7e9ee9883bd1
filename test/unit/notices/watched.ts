import { noticesSchema, watchSchema } from '../../../src/config/notice-settings.ts';
import type { Condition } from '../../../src/notices/condition.ts';
import type { Evidence } from '../../../src/notices/evidence.ts';
import { createLinks } from '../../../src/notices/links.ts';

/** A Tuesday at work, UTC. */
export const now = new Date('2026-03-03T10:00:00.000Z');
export const minutesLater = (minutes: number, from: Date = now): Date => new Date(from.getTime() + minutes * 60_000);

/** A URL by reference, as secrets are. */
export const hook = { env: 'ACE_SYNC_TEST_WEBHOOK' };
export const watch = watchSchema.parse({});
export const notices = noticesSchema.parse({
  addressees: { engineer: { webhook: hook }, allianceManager: { webhook: hook, email: 'alliance@example.com' } },
  smtp: { host: '127.0.0.1', from: 'ace-sync@example.com' },
  digestAt: '18:00',
});
export const links = createLinks({
  temporalUrl: 'http://127.0.0.1:8233/',
  namespace: 'default',
  salesforceUrl: 'https://example.my.salesforce.com',
});

export const condition = (key: string, changes: Partial<Condition> = {}): Condition => ({
  key,
  part: 'temporal',
  fixBy: 'engineer',
  urgent: false,
  endsQuietly: false,
  count: 1,
  since: null,
  after: 0,
  covered: false,
  sentence: `Something about ${key}.`,
  fix: 'Mend it.',
  link: null,
  ...changes,
});

/** A connection on which all is well. */
export const calm: Evidence = {
  temporal: { waiting: [], failing: [], atWork: { uploads: 0, files: 0 }, ended: 0, pausedSchedules: [] },
  bucket: { kind: 'listed', waiting: 0, unsettled: [], rejected: [] },
  rows: { unanswered: [], heldTooLong: [] },
  connection: { hold: 'none', heartbeat: now.toISOString(), otherInstallation: null },
  secrets: { credentials: [], certificates: [] },
  sweep: { at: now.toISOString(), missed: 0 },
  journal: { awaySince: null },
  health: { fault: null, apiBudget: 'free' },
  rhythm: { readAt: now.toISOString(), lastArrival: now.toISOString(), usualPause: 3_600_000 },
};
