import { type Logger, pino } from 'pino';

/** Keys whose values are never logged, wherever they stand; declared once. */
const redacted = ['secretAccessKey', 'clientSecret', 'accessToken', 'password', 'authorization', 'privateKey'];

/** JSON lines on standard error: keys, codes, counts; never the value of a record. */
export function createLogger(): Logger {
  const paths = redacted.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);
  return pino(
    { level: process.env.ACE_SYNC_LOG_LEVEL ?? 'info', base: null, redact: { paths, censor: '[redacted]' } },
    pino.destination({ fd: 2, sync: true }),
  );
}
