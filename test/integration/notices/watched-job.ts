import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import type { Dependencies } from '../../../src/activities/dependencies.ts';
import { watchConnection } from '../../../src/activities/watch-connection.ts';
import { noticesSchema, type WatchSettings } from '../../../src/config/notice-settings.ts';
import { createDependencies } from '../../../src/worker/create-dependencies.ts';
import { whenDone } from '../../support/shared-stack.ts';
import type { MainJob } from '../main-job/main-job.ts';
import { type HttpReceiver, type SmtpReceiver, smtpLogin, startHttpReceiver, startSmtpReceiver } from './receivers.ts';

export const hour = 60 * 60_000;

/** The watch over a job, with a clock of its own: a webhook for the engineer, mail for the sales team, a heartbeat. */
export interface WatchedJob {
  readonly http: HttpReceiver;
  readonly smtp: SmtpReceiver;
  readonly deps: Dependencies;
  readonly now: () => Date;
  /** What the engineer is told by one look, some time after the one before. */
  told(later?: number): Promise<readonly string[]>;
}

/** @param change what the watch works with, in place of the real thing */
export async function watchJob(
  job: MainJob,
  settings: Partial<WatchSettings> = {},
  change: (deps: Dependencies) => Partial<Dependencies> = () => ({}),
): Promise<WatchedJob> {
  const http = await startHttpReceiver();
  const smtp = await startSmtpReceiver();
  const folder = dirname(job.configPath);
  const secret = async (name: string, value: string) => {
    await writeFile(join(folder, name), value);
    return { file: join(folder, name) };
  };
  // The digest would go out at a time that the clock of this machine decides; a quiet connection has none to send.
  const digestAt = `${String((new Date().getUTCHours() + 23) % 24).padStart(2, '0')}:00`;
  const notices = noticesSchema.parse({
    addressees: {
      engineer: { webhook: await secret('hook', `${http.url}/hook`) },
      salesPerson: { email: 'sales@example.com' },
    },
    smtp: {
      host: '127.0.0.1',
      port: smtp.port,
      security: 'none',
      user: await secret('smtp-user', smtpLogin.user),
      password: await secret('smtp-password', smtpLogin.password),
      from: 'ace-sync@example.com',
    },
    digestAt,
    temporalUrl: 'http://127.0.0.1:8233',
    heartbeat: { url: await secret('ping', `${http.url}/ping`) },
  });
  // The clock of the test runs ahead of the detector's heartbeat.
  const detectorSilentAfter = 30 * 24 * 3600;
  const workingDays = new Date().getUTCDay() === 0 ? 'Wed' : 'Sun';
  const watch = { ...job.config.watch, workingDays, detectorSilentAfter, ...settings };
  const made = await createDependencies({ ...job.config, notices, watch }, job.client, pino({ level: 'silent' }));
  whenDone(async () => {
    await made.crm.close();
    made.bucket.close();
  });
  let clock = new Date();
  const now = () => clock;
  const deps = { ...made, now, ...change(made) };
  const look = watchConnection(deps);
  const texts = () =>
    http.requests.filter(({ path }) => path === '/hook').map(({ body }) => String(JSON.parse(body).text));
  return {
    http,
    smtp,
    deps,
    now,
    async told(later = hour) {
      clock = new Date(clock.getTime() + later);
      const before = texts().length;
      await look();
      return texts().slice(before);
    },
  };
}
