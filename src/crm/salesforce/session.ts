import { Connection } from 'jsforce';
import { AceSyncError } from '../../errors.ts';
import type { CrmIdentity } from '../crm.ts';
import { steadyNow } from '../steady-clock.ts';
import { type ApiBudget, createApiBudget } from './api-budget.ts';
import { type Breaker, createBreaker } from './breaker.ts';
import { connectionFault, readSalesforceError } from './classify-error.ts';
import { isSandboxHost, requestToken, type Token } from './login.ts';
import type { SalesforceOptions } from './options.ts';
import { recordId } from './soql.ts';
import { createTransport, type HttpTransport, useTransport } from './transport.ts';

/**
 * One logged-in connection to one org. Everything that goes to Salesforce passes through `call`: budget, breaker, one
 * renewal of an expired session, and errors of the catalogue for what concerns the whole connection.
 */
export interface SalesforceSession {
  /**
   * @param place what is done, for error messages: method and object, no values.
   * @throws AceSyncError for faults of the connection; what concerns single records is thrown as jsforce throws it.
   */
  call<T>(place: string, run: (connection: Connection) => PromiseLike<T>, priority?: 'normal' | 'urgent'): Promise<T>;
  identity(): Promise<CrmIdentity>;
  readonly budget: ApiBudget;
  readonly breaker: Breaker;
  close(): Promise<void>;
}

export interface SessionDependencies {
  readonly now?: () => number;
  /** Called when the breaker opens, so that cached descriptions are read again by the probe. */
  readonly onBreakerOpen?: () => void;
}

interface Login {
  readonly connection: Connection;
  readonly identity: CrmIdentity;
}

export function createSession(options: SalesforceOptions, dependencies: SessionDependencies = {}): SalesforceSession {
  const now = dependencies.now ?? steadyNow;
  const budget = createApiBudget(options.apiShare, now);
  const breaker = createBreaker({
    now,
    defaultPauseMs: options.retry.unavailableMs,
    ...(dependencies.onBreakerOpen === undefined ? {} : { onOpen: dependencies.onBreakerOpen }),
  });
  const transport = createTransport({
    requestTimeoutMs: options.requestTimeoutMs,
    proxy: options.proxy,
    certificateAuthorityFile: options.certificateAuthorityFile,
    onHeaders: (headers) => budget.observe(headers['sforce-limit-info']),
  });
  let login: Promise<Login> | null = null;

  function current(): Promise<Login> {
    if (login === null) {
      const started = logIn(options, transport);
      login = started;
      started.catch(() => {
        if (login === started) login = null;
      });
    }
    return login;
  }

  /** All calls that met the same dead session share one renewal. */
  function renew(dead: Promise<Login>): Promise<Login> {
    if (login === dead) login = null;
    return current();
  }

  async function attempt<T>(place: string, run: (connection: Connection) => PromiseLike<T>): Promise<T> {
    const used = current();
    try {
      return await run((await used).connection);
    } catch (thrown) {
      if (!isExpired(thrown)) throw connectionFault(thrown, place, options.retry);
    }
    const renewed = await renew(used);
    try {
      return await run(renewed.connection);
    } catch (thrown) {
      // jsforce would go on renewing for ever; a fresh session that is refused is a login that is refused.
      throw connectionFault(thrown, place, options.retry);
    }
  }

  return {
    budget,
    breaker,
    async call(place, run, priority = 'normal') {
      budget.admit(priority);
      return breaker.run(() => attempt(place, run));
    },
    identity: () => breaker.run(async () => (await current()).identity),
    close: () => transport.close(),
  };
}

function isExpired(thrown: unknown): boolean {
  const code = readSalesforceError(thrown)?.code ?? '';
  return code === 'INVALID_SESSION_ID' || code === 'sf:INVALID_SESSION_ID' || code === 'ERROR_HTTP_401';
}

async function logIn(options: SalesforceOptions, transport: HttpTransport): Promise<Login> {
  const token = await requestToken(options, transport);
  const connection = new Connection({
    instanceUrl: token.instanceUrl,
    accessToken: token.accessToken,
    version: options.apiVersion,
    // Shows up as changeOrigin in change events: a hint which changes are our own.
    callOptions: { client: 'ace-sync' },
  });
  useTransport(connection, transport);
  try {
    const identity = await identify(connection, token);
    refuseOtherOrg(identity, options.pin);
    return { connection, identity };
  } catch (thrown) {
    throw connectionFault(thrown, 'login', options.retry);
  }
}

async function identify(connection: Connection, token: Token): Promise<CrmIdentity> {
  const organization = await readOrganization(connection, token);
  const user = token.userId ?? (await connection.identity()).user_id;
  return { ...organization, userId: recordId(user) ?? user };
}

/** Orgs may hide Organization from a user with least rights; then the token and the address say the same. */
async function readOrganization(connection: Connection, token: Token): Promise<Omit<CrmIdentity, 'userId'>> {
  try {
    const answer = await connection.request<{ records: readonly { Id: string; IsSandbox: boolean }[] }>(
      `/query?q=${encodeURIComponent('SELECT Id, IsSandbox FROM Organization LIMIT 1')}`,
    );
    const [organization] = answer.records;
    if (organization !== undefined) {
      return { orgId: recordId(organization.Id) ?? organization.Id, sandbox: organization.IsSandbox };
    }
  } catch (thrown) {
    const code = readSalesforceError(thrown)?.code ?? '';
    if (!['INVALID_TYPE', 'INVALID_FIELD', 'INSUFFICIENT_ACCESS'].includes(code)) throw thrown;
  }
  if (token.orgId === null) {
    throw new AceSyncError('CRM_LOGIN_REFUSED', 'This user may not read the Organization, so the org is not known.');
  }
  return {
    orgId: recordId(token.orgId) ?? token.orgId,
    sandbox: isSandboxHost(new URL(token.instanceUrl).hostname),
  };
}

function refuseOtherOrg(found: CrmIdentity, pin: SalesforceOptions['pin']): void {
  if (pin === undefined) return;
  const kind = (sandbox: boolean) => (sandbox ? 'a sandbox' : 'a production org');
  if (recordId(pin.orgId) !== found.orgId) {
    throw new AceSyncError('CRM_ORG_DIFFERS', `Expected ${pin.orgId}, got ${found.orgId}, ${kind(found.sandbox)}.`);
  }
  if (pin.sandbox !== found.sandbox) {
    throw new AceSyncError('CRM_ORG_DIFFERS', `Expected ${kind(pin.sandbox)}, got ${kind(found.sandbox)}.`);
  }
}
