const dayLength = 86_400_000;

/** A span of time `[from, to)` in milliseconds, as date literals such as `LAST_WEEK` mean it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

type Unit = 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR';

/** Start of the unit that lies `offset` units from the one that holds `now`; weeks begin on Sunday, as in the US locale. */
function startOf(unit: Unit, now: number, offset: number): number {
  const at = new Date(now);
  const year = at.getUTCFullYear();
  const month = at.getUTCMonth();
  const today = Date.UTC(year, month, at.getUTCDate());
  switch (unit) {
    case 'DAY':
      return today + offset * dayLength;
    case 'WEEK':
      return today + (offset * 7 - at.getUTCDay()) * dayLength;
    case 'MONTH':
      return Date.UTC(year, month + offset, 1);
    case 'QUARTER':
      return Date.UTC(year, Math.floor(month / 3) * 3 + offset * 3, 1);
    case 'YEAR':
      return Date.UTC(year + offset, 0, 1);
  }
}

const spanOf = (unit: Unit, now: number, first: number, last: number): Span => ({
  from: startOf(unit, now, first),
  to: startOf(unit, now, last + 1),
});

const dayNames: Readonly<Record<string, number>> = { YESTERDAY: -1, TODAY: 0, TOMORROW: 1 };

/** @returns the span of a date literal, in UTC; null for a word that is none. Fiscal periods are calendar periods. */
export function dateLiteralSpan(literal: string, now: number): Span | null {
  const text = literal.toUpperCase().replace('FISCAL_', '');
  const day = dayNames[text];
  if (day !== undefined) return spanOf('DAY', now, day, day);
  const [name = '', count = ''] = text.split(':');
  const simple = /^(LAST|THIS|NEXT)_(WEEK|MONTH|QUARTER|YEAR)$/.exec(name);
  if (simple !== null) {
    const offset = simple[1] === 'LAST' ? -1 : simple[1] === 'THIS' ? 0 : 1;
    return spanOf(simple[2] as Unit, now, offset, offset);
  }
  if (name === 'LAST_90_DAYS') return spanOf('DAY', now, -90, 0);
  if (name === 'NEXT_90_DAYS') return spanOf('DAY', now, 1, 90);
  const number = Number(count);
  const counted = /^(LAST|NEXT)_N_(DAY|WEEK|MONTH|QUARTER|YEAR)S$/.exec(name);
  if (counted !== null && Number.isInteger(number)) {
    const unit = counted[2] as Unit;
    // LAST_N_DAYS includes today; the longer units leave the running one out.
    if (counted[1] === 'LAST') return spanOf(unit, now, -number, unit === 'DAY' ? 0 : -1);
    return spanOf(unit, now, 1, number);
  }
  const ago = /^N_(DAY|WEEK|MONTH|QUARTER|YEAR)S_AGO$/.exec(name);
  if (ago !== null && Number.isInteger(number)) return spanOf(ago[1] as Unit, now, -number, -number);
  return null;
}
