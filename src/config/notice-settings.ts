import { z } from 'zod';
import { secretSchema } from './secret.ts';

/** What the watch looks for, and whom it tells: the parts `watch` and `notices` of the configuration. */

const minutes = (count: number) => count * 60;
const hours = (count: number) => minutes(count * 60);
const days = (count: number) => hours(count * 24);
const seconds = (fallback: number, most = days(60)) => z.number().positive().max(most).default(fallback);

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as "08:30", in quotes');
const timeZone = z.string().refine(isTimeZone, 'expected a time zone such as Europe/Berlin');
const weekdays = z
  .string()
  .regex(/^(Sun|Mon|Tue|Wed|Thu|Fri|Sat)( (Sun|Mon|Tue|Wed|Thu|Fri|Sat))*$/, 'expected days such as "Mon Tue Wed"');

export const watchSchema = z
  .strictObject({
    /** Seconds between two looks. Each costs 4 billable actions and two CRM calls. */
    interval: seconds(minutes(10)),
    /** Time zone of the hours below and of `notices`. */
    timeZone: timeZone.default('UTC'),
    /** Days and hours in which AWS's files are expected: the silence of a weekend is none. */
    workingDays: weekdays.default('Mon Tue Wed Thu Fri'),
    workFrom: timeOfDay.default('08:00'),
    workTo: timeOfDay.default('18:00'),
    /** ACE counts as silent after this many times the usual pause of this connection, in working time. */
    silenceFactor: z.number().min(1).max(100).default(3),
    /** Seconds of working time below which silence is never reported. */
    silenceAtLeast: seconds(hours(4)),
    /** Seconds that a file may lie in the outbound or results folder unsettled. */
    fileUnsettledAfter: seconds(hours(1)),
    /** Seconds that an upload may wait for a result after its time limit (`timing.resultTimeLimit`). */
    resultOverdueAfter: seconds(hours(1)),
    /** Seconds that a record may be held before people are told again. */
    heldTooLongAfter: seconds(days(3)),
    /** Seconds before the deadline of a referral at which a first and a last warning goes out. */
    acceptWarning: seconds(days(3)),
    acceptLastWarning: seconds(days(1)),
    /** Seconds that a person's hold may last before somebody is asked whether it was forgotten. */
    holdForgottenAfter: seconds(days(1)),
    /** Seconds that a schedule may be paused before somebody is asked whether it was forgotten. */
    pauseForgottenAfter: seconds(days(1)),
    /** Seconds without a round of change detection after which it counts as stopped. */
    detectorSilentAfter: seconds(minutes(45)),
    /** Seconds that a credential may be in use. AWS asks for new access keys every 90 days. */
    credentialsOldAfter: seconds(days(90), days(3650)),
    /** Seconds before the end of a certificate at which it is told. */
    certificateWarning: seconds(days(30), days(365)),
    /** Attempts after which a step that fails again and again is reported; they are up to a minute apart. */
    failingAttempts: z.int().min(2).max(1000).default(8),
  })
  .prefault({});

const addressList = z
  .string()
  .regex(/^[^\s@,<>]+@[^\s@,<>]+(, *[^\s@,<>]+@[^\s@,<>]+)*$/, 'expected e-mail addresses, separated by commas');

/** A person or team: a Slack-compatible webhook, e-mail, both, or neither. */
const addresseeSchema = z
  .strictObject({ webhook: secretSchema.optional(), email: addressList.optional() })
  .prefault({});

/** Who can be told; what others can fix goes to those who talk to them (src/notices/addressees.ts). */
const addresseesSchema = z
  .strictObject({
    salesPerson: addresseeSchema,
    allianceManager: addresseeSchema,
    salesforceAdministrator: addresseeSchema,
    engineer: addresseeSchema,
  })
  .prefault({});

const smtpSchema = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(587),
  /** `startTls` refuses to go on without encryption; `none` is for a server on the same machine. */
  security: z.enum(['startTls', 'tls', 'none']).default('startTls'),
  user: secretSchema.optional(),
  password: secretSchema.optional(),
  from: addressList,
});

export const noticesSchema = z
  .strictObject({
    addressees: addresseesSchema,
    smtp: smtpSchema.optional(),
    /** Most messages to one addressee in an hour, urgent ones aside; what changed meanwhile goes into the next one. */
    messagesPerHour: z.int().min(1).max(60).default(4),
    /** Between these times only urgent notices go out; both or none. */
    quietFrom: timeOfDay.optional(),
    quietTo: timeOfDay.optional(),
    /** When the digest of everything that waits goes out, on working days. */
    digestAt: timeOfDay.default('08:30'),
    /** Address of the Temporal Web UI for links; without it there are none. */
    temporalUrl: z.url({ protocol: /^https?$/ }).optional(),
    /** Address of the org's pages for links. @default `salesforce.loginUrl` */
    salesforceUrl: z.url({ protocol: /^https?$/ }).optional(),
    /** Asked after every look, so that somebody outside notices when it stops (design.md, rule 14). */
    heartbeat: z.strictObject({ url: secretSchema, method: z.enum(['GET', 'POST']).default('GET') }).optional(),
  })
  .superRefine((notices, context) => {
    const issue = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    if ((notices.quietFrom === undefined) !== (notices.quietTo === undefined))
      issue(['quietFrom'], 'expected quietFrom and quietTo together');
    if (notices.smtp !== undefined && (notices.smtp.user === undefined) !== (notices.smtp.password === undefined))
      issue(['smtp', 'user'], 'expected user and password together');
    if (notices.smtp !== undefined) return;
    for (const [addressee, { email }] of Object.entries(notices.addressees))
      if (email !== undefined) issue(['addressees', addressee, 'email'], 'expected notices.smtp for e-mail');
  })
  .prefault({});

export type WatchSettings = z.infer<typeof watchSchema>;
export type NoticeSettings = z.infer<typeof noticesSchema>;
export type Addressee = keyof NoticeSettings['addressees'];

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
