import { createHmac, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Configuration } from '../config/configuration.ts';
import { readSecret, type Secret } from '../config/secret.ts';

/** A credential of the configuration, and since when it has been the one in use. */
export interface CredentialInUse {
  /** Path in the configuration. */
  readonly setting: string;
  /** Tells one value from another without telling it: a keyed hash, cut short. */
  readonly mark: string;
  /** ISO 8601. */
  readonly since: string;
}

export interface SecretsInUse {
  readonly credentials: readonly CredentialInUse[];
  /** The first of each setting's certificates to end, ISO 8601. */
  readonly certificates: readonly { readonly setting: string; readonly validTo: string }[];
}

/**
 * Since when each credential is in use: neither S3 nor Salesforce tells. A file says when it was written; of an
 * environment variable the watch remembers when it met the value first.
 * @param known what the look before found
 */
export function readSecretsInUse(config: Configuration, known: readonly CredentialInUse[], now: Date): SecretsInUse {
  const key = orNull(() => readSecret(config.hashKey)) ?? '';
  const credentials = credentialsOf(config).flatMap(({ setting, secret }): CredentialInUse[] => {
    const value = orNull(() => readSecret(secret));
    // A secret that is missing shows as a bucket or CRM that refuses.
    if (value === null) return [];
    const mark = createHmac('sha256', key).update(value).digest('base64url').slice(0, 16);
    const before = known.find((one) => one.setting === setting && one.mark === mark);
    return [before ?? { setting, mark, since: writtenAt(secret) ?? now.toISOString() }];
  });
  const certificates = certificatesOf(config).flatMap(({ setting, read }) => {
    const ends = endsOfCertificates(orNull(read) ?? '');
    return ends === null ? [] : [{ setting, validTo: ends }];
  });
  return { credentials, certificates };
}

function credentialsOf({ ace, salesforce }: Configuration) {
  const { auth } = salesforce;
  const named: Readonly<Record<string, unknown>> = {
    'ace.bucket.credentials.secretAccessKey': field(ace.bucket.credentials, 'secretAccessKey'),
    'salesforce.auth.clientSecret': field(auth, 'clientSecret'),
    'salesforce.auth.privateKey': field(auth, 'privateKey'),
    'salesforce.auth.refreshToken': field(auth, 'refreshToken'),
  };
  return Object.entries(named).flatMap(([setting, secret]) => (isSecret(secret) ? [{ setting, secret }] : []));
}

/** A key file often holds its certificate too; Temporal's client certificate is named by Temporal's own variable. */
function certificatesOf({ salesforce }: Configuration) {
  const { auth, certificateAuthorityFile } = salesforce;
  const privateKey = field(auth, 'privateKey');
  const clientCertificate = process.env.TEMPORAL_TLS_CLIENT_CERT_PATH;
  return [
    ...(isSecret(privateKey) ? [{ setting: 'salesforce.auth.privateKey', read: () => readSecret(privateKey) }] : []),
    ...(certificateAuthorityFile === undefined
      ? []
      : [
          {
            setting: 'salesforce.certificateAuthorityFile',
            read: () => readFileSync(certificateAuthorityFile, 'utf8'),
          },
        ]),
    ...(clientCertificate === undefined || clientCertificate === ''
      ? []
      : [{ setting: 'TEMPORAL_TLS_CLIENT_CERT_PATH', read: () => readFileSync(clientCertificate, 'utf8') }]),
  ];
}

/** When the first of the certificates in a PEM text ends; null when it holds none. */
export function endsOfCertificates(pem: string): string | null {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const ends = blocks.flatMap((block) => orNull(() => new X509Certificate(block).validToDate.getTime()) ?? []);
  return ends.length === 0 ? null : new Date(Math.min(...ends)).toISOString();
}

function writtenAt(secret: Secret): string | null {
  return 'file' in secret ? orNull(() => statSync(secret.file).mtime.toISOString()) : null;
}

const field = (form: object | undefined, name: string): unknown =>
  form !== undefined && name in form ? (form as Readonly<Record<string, unknown>>)[name] : undefined;

const isSecret = (value: unknown): value is Secret =>
  typeof value === 'object' && value !== null && ('env' in value || 'file' in value);

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
