import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type Administration, createAdministration } from './administration/administration.ts';
import { administratorUsername, integrationUsername, openLogin, seedOrg } from './administration/seed-org.ts';
import { Faults } from './http/faults.ts';
import type { StandInParts } from './http/http-messages.ts';
import { serve } from './http/http-server.ts';
import { ApiUsage, defaultLimits, type LimitSettings } from './http/limits.ts';
import { QueryCursors } from './http/query-cursors.ts';
import { createClock, type StandInClock } from './org/clock.ts';
import { memoryJournal, openFolderJournal } from './org/journal.ts';
import { Org } from './org/org.ts';
import { makeId } from './org/record-id.ts';
import { type Login, Sessions } from './org/sessions.ts';

export interface StandInOptions {
  /** Port on 127.0.0.1. @default 0, a free one */
  readonly port?: number;
  /** Folder that keeps the org across restarts. Left out, the org lives in memory. */
  readonly folder?: string;
  /** Limits that differ from an Enterprise or Developer org's. */
  readonly limits?: Partial<LimitSettings>;
  /** Milliseconds that every request takes on its way, as an org far away. @default 0 */
  readonly latencyMilliseconds?: number;
  /** Whether `Organization.IsSandbox` says true. @default false */
  readonly sandbox?: boolean;
  /**
   * Whether administrators see custom fields that nobody granted yet. On an org they do not when the field came through
   * the metadata API; most tests are easier when they do. @default true
   */
  readonly administratorSeesNewFields?: boolean;
  /** Whether country and state of an address must be in the org's lists. @default false */
  readonly stateAndCountryPicklists?: boolean;
  /** Whether records carry a `CurrencyIsoCode`. @default false */
  readonly multiCurrency?: boolean;
  /** Whether time stamps have whole seconds only, so that many rows share one. @default false */
  readonly wholeSecondStamps?: boolean;
}

export interface Connection extends Login {
  readonly loginUrl: string;
  readonly instanceUrl: string;
  /** An administrator's. */
  readonly accessToken: string;
}

export interface SalesforceStandIn {
  /** An administrator's login; the client-credentials flow of this client id runs as the administrator too. */
  readonly connection: Connection;
  /** An API-only user with no rights but those of assigned permission sets, with a client id of its own. */
  readonly integrationUser: Login & { readonly userId: string };
  readonly organizationId: string;
  readonly faults: Faults;
  /** People, automation and a look at the rows; the same over HTTP under `/__standin/`. */
  readonly administration: Administration;
  readonly clock: StandInClock;
  readonly usage: ApiUsage;
  close(): Promise<void>;
}

interface Identity {
  readonly administrator: Login & { readonly accessToken: string };
  readonly integrationUser: Login & { readonly userId: string };
}

/** Starts a Salesforce org on loopback that the real jsforce talks to. */
export async function startSalesforceStandIn(options: StandInOptions = {}): Promise<SalesforceStandIn> {
  const clock = createClock(options.wholeSecondStamps ?? false);
  const persisted = options.folder === undefined ? null : openFolderJournal(options.folder);
  const org = new Org(clock, memoryJournal, {
    administratorSeesNewFields: options.administratorSeesNewFields ?? true,
    stateAndCountryPicklists: options.stateAndCountryPicklists ?? false,
    multiCurrency: options.multiCurrency ?? false,
  });
  if (persisted !== null) {
    // An org whose founding was killed half-way has no identity yet: it is founded again from nothing.
    const founded = persisted.entries.some((entry) => entry.kind === 'document' && entry.name === 'identity');
    if (founded) for (const entry of persisted.entries) org.restore(entry);
    else persisted.journal.compact([]);
    org.writeTo(persisted.journal);
  }
  const usage = new ApiUsage({ ...defaultLimits, ...options.limits });
  const sessions = new Sessions(org, () => usage.settings.sessionSeconds);
  const identity = reopened(org, sessions) ?? foundOrg(org, sessions, options.sandbox ?? false);

  let port = 0;
  const faults = new Faults();
  faults.latencyMilliseconds = options.latencyMilliseconds ?? 0;
  const parts: StandInParts = {
    org,
    sessions,
    faults,
    usage,
    cursors: new QueryCursors(),
    administration: createAdministration(org, sessions),
    url: () => `http://127.0.0.1:${port}`,
  };
  const server = await serve(parts, options.port ?? 0);
  port = (server.address() as AddressInfo).port;
  return {
    connection: { loginUrl: parts.url(), instanceUrl: parts.url(), ...identity.administrator },
    integrationUser: identity.integrationUser,
    organizationId: org.organizationId,
    faults,
    administration: parts.administration,
    clock,
    usage,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The identity of an org that was founded before; its access token is renewed when it expired meanwhile. */
function reopened(org: Org, sessions: Sessions): Identity | null {
  const identity = org.document('identity') as Identity | undefined;
  if (identity === undefined) return null;
  const { administrator } = identity;
  if (sessions.find(administrator.accessToken) !== null) return identity;
  const userId = sessions.userNamed(administrator.username);
  if (userId === null) return identity;
  const accessToken = sessions.open(userId, administrator.clientId);
  const renewed: Identity = { ...identity, administrator: { ...administrator, accessToken } };
  org.putDocument('identity', renewed);
  return renewed;
}

function foundOrg(org: Org, sessions: Sessions, sandbox: boolean): Identity {
  const unique = randomBytes(4);
  org.found(makeId('00D', 'ST0', unique.readUInt32BE()), `S${unique.toString('hex').slice(0, 2)}`);
  const { administratorId, integrationUserId } = seedOrg(org, { sandbox });
  const administrator = openLogin(sessions, administratorUsername, administratorId);
  const identity: Identity = {
    administrator: { ...administrator, accessToken: sessions.open(administratorId, administrator.clientId) },
    integrationUser: { ...openLogin(sessions, integrationUsername, integrationUserId), userId: integrationUserId },
  };
  org.putDocument('identity', identity);
  return identity;
}
