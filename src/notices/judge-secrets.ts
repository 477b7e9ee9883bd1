import { type Condition, condition } from './condition.ts';
import { duration } from './duration.ts';
import type { Evidence } from './evidence.ts';
import type { Judgement } from './judge-evidence.ts';

/** Credentials that are old, and certificates that end: told before something refuses them. */
export function judgeSecrets(secrets: Evidence['secrets'], { settings, now }: Judgement): readonly Condition[] {
  if (secrets === null) return [];
  const age = (iso: string) => (now.getTime() - Date.parse(iso)) / 1000;
  const old = secrets.credentials.filter(({ since }) => age(since) > settings.credentialsOldAfter);
  const ending = secrets.certificates.filter(({ validTo }) => -age(validTo) < settings.certificateWarning);
  return [
    ...old.map(({ setting, since }) => {
      const texts = {
        sentence: `The credential ${setting} has been in use for ${duration(age(since))}.`,
        fix: 'Make a new one, put it in its place, and delete the old one; no restart is needed.',
        link: null,
      };
      return condition(`credential:${setting}`, 'secrets', 'engineer', texts, { since });
    }),
    ...ending.map(({ setting, validTo }) => {
      const ended = age(validTo) > 0;
      const texts = {
        sentence: `A certificate of ${setting} ${ended ? 'ended' : 'ends'} on ${validTo.slice(0, 10)}.`,
        fix: 'Replace it, and upload the new one where the other side knows it.',
        link: null,
      };
      return condition(`certificate:${setting}`, 'secrets', 'engineer', texts, { urgent: ended });
    }),
  ];
}
