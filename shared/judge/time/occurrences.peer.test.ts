// Proves that rules mean here what they mean to python-dateutil, which nobody of ours wrote.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { seededRandom } from '#test/fixtures/seeded-random.ts';
import { occurrences } from './occurrences.ts';
import { readRecurrence } from './recurrence.ts';
import { readWall, writeWall } from './zone-time.ts';

const SCRIPT = `
import datetime as days, json, sys
from datetime import datetime
from itertools import islice
from dateutil.rrule import rrulestr
# A rule without a day is followed to the last year there is.
days.MAXYEAR = 2040
for line in sys.stdin:
    ask = json.loads(line)
    rule = rrulestr(ask["rule"], dtstart=datetime.fromisoformat(ask["start"]))
    print(json.dumps([d.isoformat() for d in islice((d for d in rule.xafter(datetime.fromisoformat(ask["from"]), inc=True)), 12)]))
`;

interface Ask {
  rule: string;
  start: string;
  from: string;
}

/** Years for which both are asked: fewer than the horizon of ours, so that nothing differs by it. */
const YEARS = 6;
const ROUNDS = 600;

function randomAsk(random: () => number): Ask {
  const below = (n: number) => Math.floor(random() * n);
  const some = <T>(of: readonly T[]): T[] => of.filter(() => random() < 1.6 / of.length);
  const two = (n: number) => String(n).padStart(2, '0');
  const frequency = (['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const)[below(4)] ?? 'DAILY';
  const months = random() < 0.3 ? some([1, 2, 3, 6, 10, 12]) : [];
  // The 20th Monday is one of a year; with months the other side counts beyond the end of its table.
  const far = months.length === 0 ? ['20', '-3'] : ['2'];
  const counts: Readonly<Record<string, string[]>> = { MONTHLY: ['1', '2', '-1'], YEARLY: ['1', ...far] };
  const asked = counts[frequency] ?? [''];
  // Counted and plain days together, and positions in the week of the first begin, are where it leaves the RFC.
  const isCounted = random() < 0.5;
  const nth = () => (isCounted ? (asked[below(asked.length)] ?? '') : '');
  const days = some(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']).map((day) => `${nth()}${day}`);
  const monthDays = frequency !== 'WEEKLY' && random() < 0.3 ? some([1, 13, 28, 29, 31, -1, -5]) : [];
  const year = 2019 + below(6);
  const parts = [`FREQ=${frequency}`, `INTERVAL=${1 + below(4)}`, `WKST=${random() < 0.5 ? 'MO' : 'SU'}`];
  if (days.length > 0) parts.push(`BYDAY=${days.join(',')}`);
  if (months.length > 0) parts.push(`BYMONTH=${months.join(',')}`);
  if (monthDays.length > 0) parts.push(`BYMONTHDAY=${monthDays.join(',')}`);
  if (frequency !== 'WEEKLY' && parts.length > 3 && random() < 0.3)
    parts.push(`BYSETPOS=${['1', '-1', '2', '1,-1'][below(4)]}`);
  const from = year + below(3);
  parts.push(`UNTIL=${from + YEARS}0101T000000`);
  return {
    rule: parts.join(';'),
    start: `${year}-${two(1 + below(12))}-${two(1 + below(28))}T${two(below(24))}:30:00`,
    from: `${from}-${two(1 + below(12))}-01T00:00:00`,
  };
}

function ours({ rule, start, from }: Ask): string[] {
  const read = readRecurrence(rule);
  if (!read.ok) throw new Error(`${rule}: ${read.message}`);
  const found: string[] = [];
  const repeated = { start: readWall(start) ?? 0, zone: 'UTC', rule: read.value };
  for (const wall of occurrences(repeated, readWall(from) ?? 0)) {
    if (found.push(writeWall(wall)) === 12) break;
  }
  return found;
}

test(`${ROUNDS} rules begin when python-dateutil says so`, () => {
  // Printed with what differs, so that a failure can be had again.
  const seed = Number(process.env['RMM_SEED'] ?? 20_261_123);
  const random = seededRandom(seed);
  const asks = Array.from({ length: ROUNDS }, () => randomAsk(random));
  const input = asks.map((ask) => JSON.stringify(ask)).join('\n');
  // 60 s: it takes two.
  const ran = spawnSync('/usr/bin/python3', ['-c', SCRIPT], { input, encoding: 'utf8', timeout: 60_000 });
  expect(ran.stderr).toBe('');
  const theirs = ran.stdout.trim().split('\n');
  const differing = asks.filter((ask, at) => JSON.stringify(ours(ask)) !== theirs[at]?.replaceAll(' ', ''));
  expect({ seed, differing }).toEqual({ seed, differing: [] });
  // Many rules have days at all: two empty lists would agree on nothing.
  expect(theirs.filter((line) => line !== '[]').length).toBeGreaterThan(ROUNDS / 2);
});
