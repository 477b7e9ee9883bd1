import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OutcomeLine } from '../../../src/journal/journal.ts';
import { learnRhythm, silentSince } from '../../../src/notices/rhythm.ts';
import { localTime, workingTime } from '../../../src/notices/working-time.ts';
import { watch } from './watched.ts';

const hour = 60 * 60_000;
const at = (iso: string) => new Date(iso);

/** A file that AWS put then; the worker came to it a day later. */
const arrival = (time: number): OutcomeLine => ({
  id: `opportunity-outbound/x.json@etag@${new Date(time).toISOString()}`,
  at: new Date(time + 24 * hour).toISOString(),
  connection: 'main',
  kind: 'outboundFile',
  object: 'opportunity',
  file: 'opportunity-outbound/x.json',
  index: null,
  aceId: null,
  crmId: null,
  outcome: 'processed',
  code: 'PROCESSED',
});

/** An hourly file in working hours, Monday 23 February to Friday 6 March 2026, 17:00. */
const hourly = Array.from({ length: 12 * 24 }, (_, index) => Date.parse('2026-02-23T00:00:00.000Z') + index * hour)
  .filter((time) => {
    const { weekday } = localTime(new Date(time), 'UTC');
    const ofDay = new Date(time).getUTCHours();
    return weekday !== 'Sat' && weekday !== 'Sun' && ofDay >= 8 && ofDay <= 17;
  })
  .map(arrival);

describe('working time', () => {
  it('counts hours of working days only', () => {
    assert.equal(workingTime(at('2026-03-06T17:00:00Z'), at('2026-03-09T09:00:00Z'), watch) / hour, 2);
    assert.equal(workingTime(at('2026-03-07T00:00:00Z'), at('2026-03-08T23:00:00Z'), watch), 0);
    assert.equal(workingTime(at('2026-03-09T09:00:00Z'), at('2026-03-06T17:00:00Z'), watch), 0);
  });

  it('follows the clocks of the time zone, also over the change to summer time', () => {
    const berlin = { ...watch, timeZone: 'Europe/Berlin' };
    // Friday 17:00 to Monday 09:00 on the wall; the clocks change on Sunday 29 March 2026.
    assert.equal(workingTime(at('2026-03-27T16:00:00Z'), at('2026-03-30T07:00:00Z'), berlin) / hour, 2);
  });

  it('takes an end before the beginning for a shift over midnight', () => {
    const night = { ...watch, workFrom: '22:00', workTo: '06:00' };
    assert.equal(workingTime(at('2026-03-03T20:00:00Z'), at('2026-03-04T12:00:00Z'), night) / hour, 8);
  });
});

describe('the silence of AWS', () => {
  const learnt = learnRhythm(hourly, watch, at('2026-03-06T17:30:00Z'));

  it('is measured from when AWS put the last file, not from when it was processed', () => {
    assert.equal(learnt.lastArrival, '2026-03-06T17:00:00.000Z');
    assert.equal(learnt.usualPause, hour);
  });

  it('is none over a quiet weekend', () => {
    assert.equal(silentSince(learnt, watch, at('2026-03-09T10:30:00Z')), null);
  });

  it('is reported after some times the usual pause, in working time', () => {
    assert.equal(silentSince(learnt, watch, at('2026-03-09T11:30:00Z')), '2026-03-06T17:00:00.000Z');
  });

  it('is tolerated for longer on a connection whose files come seldom', () => {
    const daily = hourly.filter(({ id }) => id.includes('T09:'));
    const seldom = learnRhythm([...daily, ...hourly.slice(0, 1)], watch, at('2026-03-06T17:30:00Z'));
    assert.equal(seldom.usualPause === null ? null : seldom.usualPause / hour, 10);
    assert.equal(silentSince(seldom, watch, at('2026-03-10T09:30:00Z')), null);
    assert.notEqual(silentSince(seldom, watch, at('2026-03-12T09:30:00Z')), null);
  });

  it('does not end by itself when the files that taught the rhythm are too old to learn from', () => {
    const day = 24 * hour;
    const first = Date.parse('2026-03-02T09:00:00.000Z');
    const daily = Array.from({ length: 26 }, (_, index) => first + index * day)
      .filter((time) => !['Sat', 'Sun'].includes(localTime(new Date(time), 'UTC').weekday))
      .map(arrival);
    const last = at('2026-03-27T09:00:00Z');
    let known = learnRhythm(daily, watch, last);
    assert.notEqual(known.usualPause, null);
    for (let days = 7; days <= 60; days += 1) {
      const now = new Date(last.getTime() + days * day);
      const readable = daily.filter((line) => Date.parse(line.at) >= now.getTime() - 30 * day);
      known = learnRhythm(readable, watch, now, known);
      assert.equal(silentSince(known, watch, now), last.toISOString(), `after ${days} days`);
    }
  });

  it('is not judged while too few files came', () => {
    const young = learnRhythm(hourly.slice(0, 5), watch, at('2026-03-06T17:30:00Z'));
    assert.equal(young.usualPause, null);
    assert.equal(silentSince(young, watch, at('2027-03-09T11:30:00Z')), null);
    assert.equal(
      silentSince(learnRhythm([], watch, at('2026-03-06T17:30:00Z')), watch, at('2027-01-01T00:00:00Z')),
      null,
    );
  });
});
