import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type NoticeSettings, noticesSchema } from '../../../src/config/notice-settings.ts';
import { type Condition, type EvidencePart, evidenceParts } from '../../../src/notices/condition.ts';
import { emptyNoticeBook, type NoticeBook } from '../../../src/notices/notice-book.ts';
import { planNotices } from '../../../src/notices/plan-notices.ts';
import { condition, hook, minutesLater, notices, now, watch } from './watched.ts';

const everyPart: ReadonlySet<EvidencePart> = new Set(evidenceParts);

/** Looks one after the other, ten minutes apart, each delivering what it wrote. */
class Looks {
  book: NoticeBook = emptyNoticeBook;
  at: Date;
  readonly settings: NoticeSettings;

  constructor(settings: NoticeSettings = notices, at: Date = now) {
    this.settings = settings;
    this.at = at;
  }

  /** @returns subject and text of each message that this look wrote. */
  look(conditions: readonly Condition[], readable = everyPart, minutes = 10): readonly string[] {
    this.at = minutesLater(minutes, this.at);
    const plan = { connection: 'main', notices: this.settings, watch, now: this.at };
    const planned = planNotices(this.book, conditions, readable, plan);
    // What a restart would read.
    this.book = { ...(JSON.parse(JSON.stringify(planned)) as NoticeBook), pending: [] };
    return planned.pending.map(({ addressee, channel, text }) => `${addressee} ${channel} ${text}`);
  }
}

describe('a notice', () => {
  it('goes out once for a state, however often it is seen and whatever its count becomes', () => {
    const looks = new Looks();
    const [first = '', ...others] = looks.look([condition('one', { sentence: '1 record is held.' })]);
    assert.match(first, /engineer webhook ace-sync main: 1 new, 1 open/);
    assert.deepEqual(others, []);
    assert.deepEqual(looks.look([condition('one', { count: 100, sentence: '100 records are held.' })]), []);
    assert.deepEqual(looks.look([condition('one', { count: 7 })]), []);
  });

  it('says once that a state is over, and again when it comes back', () => {
    const looks = new Looks();
    looks.look([condition('one', { sentence: '3 records are held.' })]);
    assert.deepEqual(looks.look([]), [], 'one look without it may be chance');
    const [over = ''] = looks.look([]);
    assert.match(over, /1 resolved, 0 open\n\nResolved: records are held\. \(since 2026-03-03 10:10 UTC\)/);
    assert.deepEqual(looks.look([]), []);
    assert.equal(looks.look([condition('one')]).length, 1);
  });

  it('is not sent for a state that comes and goes from look to look', () => {
    const looks = new Looks();
    looks.look([condition('one')]);
    for (let round = 0; round < 5; round += 1) {
      assert.deepEqual(looks.look([]), []);
      assert.deepEqual(looks.look([condition('one')]), []);
    }
  });

  it('waits until a state has lasted as long as it must, and forgets one that passed before', () => {
    const looks = new Looks();
    const slow = condition('slow', { after: 25 * 60_000 });
    assert.deepEqual(looks.look([slow]), []);
    looks.look([]);
    looks.look([]);
    assert.deepEqual([looks.look([slow]), looks.look([slow]), looks.look([slow])], [[], [], []]);
    assert.equal(looks.look([slow]).length, 1);
  });

  it('is not sent for a symptom while its incident lasts, nor before that had time to pass', () => {
    const looks = new Looks();
    const symptom = (covered: boolean) => condition('late', { covered, since: minutesLater(-300).toISOString() });
    for (let look = 0; look < 20; look += 1) assert.deepEqual(looks.look([symptom(true)]), []);
    for (let look = 0; look < 2; look += 1) assert.deepEqual(looks.look([symptom(false)]), []);
    assert.equal(looks.look([symptom(false)]).length, 1);
    assert.deepEqual(looks.look([symptom(true)]), [], 'who was told hears nothing new');
  });

  it('takes the beginning from the evidence where that knows it', () => {
    const since = minutesLater(-120).toISOString();
    const [text = ''] = new Looks().look([condition('old', { since, after: 60 * 60_000 })]);
    assert.match(text, /Since 2026-03-03 08:00 UTC/);
  });

  it('does not take what could not be read for what is over', () => {
    const looks = new Looks();
    const rows = condition('rows', { part: 'rows' });
    looks.look([rows]);
    const withoutRows: ReadonlySet<EvidencePart> = new Set(['temporal']);
    for (let round = 0; round < 4; round += 1) assert.deepEqual(looks.look([], withoutRows), []);
    assert.deepEqual(looks.look([rows]), []);
  });

  it('carries everything that changed for an addressee in one message, on each of their channels', () => {
    const told = new Looks().look([
      condition('one', { fixBy: 'allianceManager' }),
      condition('two', { fixBy: 'aws' }),
      condition('three', { fixBy: 'engineer' }),
    ]);
    assert.deepEqual(told.map((text) => text.split(' ').slice(0, 2).join(' ')).toSorted(), [
      'allianceManager email',
      'allianceManager webhook',
      'engineer webhook',
    ]);
    assert.match(told.find((text) => text.startsWith('allianceManager email')) ?? '', /2 new, 2 open/);
  });

  it('goes to the next one who would know when nobody is configured for who can fix it', () => {
    const [text = ''] = new Looks().look([condition('one', { fixBy: 'salesforceAdministrator' })]);
    assert.match(text, /^engineer webhook/);
  });

  it('says nothing at the end of a deadline, which may just have passed', () => {
    const looks = new Looks();
    const deadline = condition('deadline', { endsQuietly: true });
    assert.equal(looks.look([deadline]).length, 1);
    assert.deepEqual([looks.look([]), looks.look([]), looks.look([])], [[], [], []]);
    assert.equal(looks.look([deadline]).length, 1);
  });

  it('waits for an addressee that is configured later', () => {
    const looks = new Looks(noticesSchema.parse({}));
    assert.deepEqual(looks.look([condition('one')]), []);
    const later = new Looks(notices, looks.at);
    later.book = looks.book;
    assert.equal(later.look([condition('one')]).length, 1);
  });

  it('is held back by the limit of messages in an hour and goes out afterwards, together with the others', () => {
    const looks = new Looks();
    const conditions = Array.from({ length: 12 }, (_, index) => condition(`number ${index}`));
    const sent = conditions.map((_, index) => looks.look(conditions.slice(0, index + 1), everyPart, 1));
    assert.deepEqual(
      sent.map((messages) => messages.length),
      [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    );
    const [rest = ''] = looks.look(conditions, everyPart, 50);
    assert.match(rest, /8 new, 12 open/);
  });

  it('is not held back by that limit when it is urgent', () => {
    const looks = new Looks();
    const calm = Array.from({ length: 5 }, (_, index) => condition(`number ${index}`));
    for (const [index] of calm.entries()) looks.look(calm.slice(0, index + 1), everyPart, 1);
    const [urgent = ''] = looks.look([...calm, condition('fire', { urgent: true })], everyPart, 1);
    assert.match(urgent, /1 new, 6 open\n\n\(!\) Something about fire/);
    assert.doesNotMatch(urgent, /number 4/);
  });

  it('waits for the end of quiet hours unless it is urgent', () => {
    const settings = { ...notices, quietFrom: '22:00', quietTo: '07:00' };
    const looks = new Looks(settings, new Date('2026-03-03T23:00:00.000Z'));
    const both = [condition('calm'), condition('fire', { urgent: true })];
    const [night = ''] = looks.look(both);
    assert.match(night, /1 new, 2 open\n\n\(!\) Something about fire/);
    const [morning = ''] = looks.look(both, everyPart, 8 * 60);
    assert.match(morning, /1 new, 2 open\n\nSomething about calm/);
  });

  it('lists no more than a person reads, and counts the rest', () => {
    const many = Array.from({ length: 40 }, (_, index) => condition(`number ${index}`));
    const [text = ''] = new Looks().look(many);
    assert.match(text, /… and 10 more: see `ace-sync inbox`\./);
  });
});

describe('the digest', () => {
  const settings = noticesSchema.parse({ addressees: { engineer: { webhook: hook } }, digestAt: '08:30' });

  it('lists everything that waits, once on each working day', () => {
    const looks = new Looks(settings, new Date('2026-03-03T16:00:00.000Z'));
    const both = [condition('one'), condition('two', { since: '2026-03-01T09:00:00.000Z' })];
    looks.look(both);
    const [digest = ''] = looks.look(both, everyPart, 16.5 * 60);
    assert.match(digest, /morning digest, 2 open\n\nSomething about two\.[\s\S]*Something about one\./);
    assert.deepEqual(looks.look(both), []);
    assert.equal(looks.look(both, everyPart, 24 * 60).length, 1, 'Thursday');
    assert.equal(looks.look(both, everyPart, 24 * 60).length, 1, 'Friday');
    assert.deepEqual(looks.look(both, everyPart, 24 * 60), [], 'Saturday');
  });

  it('tells what is new in the same message', () => {
    const looks = new Looks(settings, new Date('2026-03-03T08:25:00.000Z'));
    const messages = looks.look([condition('one')]);
    assert.equal(messages.length, 1);
    assert.match(messages[0] ?? '', /morning digest/);
    assert.deepEqual(looks.look([condition('one')]), []);
  });

  it('is not sent when nothing waits, nor in the afternoon by a worker that was away in the morning', () => {
    assert.deepEqual(new Looks(settings, new Date('2026-03-03T08:25:00.000Z')).look([]), []);
    const [late = ''] = new Looks(settings, new Date('2026-03-03T15:00:00.000Z')).look([condition('one')]);
    assert.match(late, /1 new/);
  });
});

describe('a channel that takes no messages', () => {
  it('has one message waiting, which takes in the later ones', () => {
    let book = emptyNoticeBook;
    const seen: Condition[] = [];
    for (const key of ['one', 'two', 'three']) {
      seen.push(condition(key));
      const at = minutesLater(seen.length * 10);
      book = planNotices(book, seen, everyPart, { connection: 'main', notices, watch, now: at });
    }
    const [message, ...others] = book.pending;
    assert.deepEqual(others, []);
    for (const { key } of seen) assert.match(message?.text ?? '', new RegExp(`Something about ${key}`));
  });
});
