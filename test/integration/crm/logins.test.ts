import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSession } from '../../../src/crm/salesforce/session.ts';
import { AceSyncError } from '../../../src/errors.ts';
import { emptyOrg } from './prepared-org.ts';

test('client credentials log in as the integration user', async () => {
  const org = await emptyOrg({ sandbox: true });
  const identity = await createSession(org.options()).identity();
  assert.equal(identity.userId, org.standIn.integrationUser.userId);
  assert.equal(identity.orgId, org.standIn.organizationId);
  assert.equal(identity.sandbox, true);
});

test('a certificate logs in by JWT, and another one does not', async () => {
  const org = await emptyOrg();
  const { clientId, username } = org.standIn.integrationUser;
  const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
  try {
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    execFileSync(
      'openssl',
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=ace-sync', '-keyout', key, '-out', certificate],
      { stdio: 'ignore' },
    );
    org.standIn.administration.setCertificate(clientId, readFileSync(certificate, 'utf8'));
    const auth = { kind: 'jwtBearer', clientId: { static: clientId }, privateKey: { file: key }, username };
    assert.equal((await createSession(org.options({ auth })).identity()).userId, org.standIn.integrationUser.userId);
    const other = join(folder, 'other.pem');
    execFileSync('openssl', ['genrsa', '-out', other, '2048'], { stdio: 'ignore' });
    await assert.rejects(
      createSession(org.options({ auth: { ...auth, privateKey: { file: other } } })).identity(),
      (error: unknown) => error instanceof AceSyncError && error.code === 'CRM_LOGIN_REFUSED',
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a copied org is refused by its id', async () => {
  const [production, copy] = [await emptyOrg(), await emptyOrg({ sandbox: true })];
  const pin = { orgId: production.standIn.organizationId, sandbox: false };
  assert.equal((await createSession(production.options({ pin })).identity()).sandbox, false);
  await assert.rejects(createSession(copy.options({ pin })).identity(), /CRM is another org/);
});
