import { randomBytes } from 'node:crypto';
import type { Org } from './org.ts';

/** A connected app. `runAs` is the user of the client-credentials flow; the certificate verifies JWT assertions. */
export interface ConnectedApp {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly runAs: string | null;
  readonly certificate: string | null;
}

/** What a client needs to log in. */
export interface Login {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly password: string;
}

export interface Session {
  readonly userId: string;
  readonly clientId: string | null;
  lastUsed: number;
}

interface Saved {
  readonly apps: readonly ConnectedApp[];
  readonly passwords: Readonly<Record<string, string>>;
  readonly sessions: readonly (readonly [string, Session])[];
  readonly refreshTokens: readonly (readonly [string, { readonly userId: string; readonly clientId: string }])[];
}

/** Sessions, connected apps and passwords of an org; they outlive a restart. */
export class Sessions {
  readonly #org: Org;
  readonly #lifeSeconds: () => number;
  readonly #apps = new Map<string, ConnectedApp>();
  readonly #passwords = new Map<string, string>();
  readonly #sessions = new Map<string, Session>();
  readonly #refreshTokens = new Map<string, { readonly userId: string; readonly clientId: string }>();
  readonly #codes = new Map<string, { readonly userId: string; readonly clientId: string }>();

  constructor(org: Org, lifeSeconds: () => number) {
    this.#org = org;
    this.#lifeSeconds = lifeSeconds;
    const saved = org.document('sessions') as Saved | undefined;
    for (const app of saved?.apps ?? []) this.#apps.set(app.clientId, app);
    for (const [name, password] of Object.entries(saved?.passwords ?? {})) this.#passwords.set(name, password);
    for (const [token, session] of saved?.sessions ?? []) this.#sessions.set(token, { ...session });
    for (const [token, grant] of saved?.refreshTokens ?? []) this.#refreshTokens.set(token, grant);
  }

  app(clientId: string): ConnectedApp | undefined {
    return this.#apps.get(clientId);
  }

  putApp(app: ConnectedApp): void {
    this.#apps.set(app.clientId, app);
    this.#save();
  }

  setPassword(username: string, password: string): void {
    this.#passwords.set(username.toLowerCase(), password);
    this.#save();
  }

  /** @returns the id of the active user with this name and password. */
  checkPassword(username: string, password: string): string | null {
    const expected = this.#passwords.get(username.toLowerCase());
    return expected !== undefined && expected === password ? this.userNamed(username) : null;
  }

  userNamed(username: string): string | null {
    for (const row of this.#org.store.table('User').values()) {
      const isNamed = String(row.values.Username).toLowerCase() === username.toLowerCase();
      if (isNamed && row.values.IsActive === true) return row.id;
    }
    return null;
  }

  /** An access token never looks like a JWT: jsforce refuses those for SOAP calls. */
  open(userId: string, clientId: string | null): string {
    const token = `${this.#org.organizationId.slice(0, 15)}!AQ${randomBytes(36).toString('base64url').replaceAll('-', '_')}`;
    this.#sessions.set(token, { userId, clientId, lastUsed: this.#org.clock.now() });
    this.#save();
    return token;
  }

  find(token: string): Session | null {
    const session = this.#sessions.get(token);
    if (session === undefined) return null;
    const now = this.#org.clock.now();
    if (now - session.lastUsed > this.#lifeSeconds() * 1000) {
      this.end(token);
      return null;
    }
    if (this.#org.store.get('User', session.userId)?.values.IsActive !== true) return null;
    session.lastUsed = now;
    return session;
  }

  end(token: string): void {
    if (this.#sessions.delete(token) || this.#refreshTokens.delete(token)) this.#save();
  }

  /** Ends every session; refresh tokens stay. */
  endAll(): void {
    this.#sessions.clear();
    this.#save();
  }

  grantRefresh(userId: string, clientId: string): string {
    const token = `5Aep${randomBytes(40).toString('base64url')}`;
    this.#refreshTokens.set(token, { userId, clientId });
    this.#save();
    return token;
  }

  refreshGrant(token: string): { readonly userId: string; readonly clientId: string } | undefined {
    return this.#refreshTokens.get(token);
  }

  grantCode(userId: string, clientId: string): string {
    const code = `aPrx${randomBytes(24).toString('base64url')}`;
    this.#codes.set(code, { userId, clientId });
    return code;
  }

  /** A code works once. */
  takeCode(code: string): { readonly userId: string; readonly clientId: string } | undefined {
    const grant = this.#codes.get(code);
    this.#codes.delete(code);
    return grant;
  }

  #save(): void {
    const oldest = this.#org.clock.now() - this.#lifeSeconds() * 1000;
    for (const [token, session] of this.#sessions) if (session.lastUsed < oldest) this.#sessions.delete(token);
    const saved: Saved = {
      apps: [...this.#apps.values()],
      passwords: Object.fromEntries(this.#passwords),
      sessions: [...this.#sessions],
      refreshTokens: [...this.#refreshTokens],
    };
    this.#org.putDocument('sessions', saved);
  }
}
