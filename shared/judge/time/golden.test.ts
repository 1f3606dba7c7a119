// Proves thirty days of windows, on-call, hours of work and escalations, lived through by a clock, against files that people have read.
import { describe, expect, test } from 'vitest';
import { ContactId, WindowId } from '#shared/base/id.ts';
import type { Severity } from '#shared/model/alert-words.ts';
import { Escalation, OnCallSchedule } from '#shared/model/on-call.ts';
import type { MaintenanceWindow } from '#shared/model/watch-policy.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { escalationAt } from './escalation.ts';
import { onCallAt } from './on-call.ts';
import { WindowCalendar } from './window.ts';
import { isWorkTime } from './work-hours.ts';
import { wallAt, writeWall } from './zone-time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const BERLIN = 'Europe/Berlin';
const NEW_YORK = 'America/New_York';

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const PEOPLE = ['nobody', 'ada', 'ben', 'cleo', 'dora'];
const contact = (name: string) => ContactId.parse(id(PEOPLE.indexOf(name)));
const nameOf = (who: ContactId | undefined): string => PEOPLE[Number(who?.slice(-2) ?? 0)] ?? '?';

const window = (
  n: number,
  over: Pick<MaintenanceWindow, 'name' | 'startsAt' | 'zone' | 'durationMs'> & { rule: string },
) => ({
  id: WindowId.parse(id(n)),
  ...over,
});
const WINDOWS: MaintenanceWindow[] = [
  // In the hour that is skipped and in the one that comes twice.
  window(1, {
    name: 'weekly',
    startsAt: '2024-01-07T02:30:00',
    zone: BERLIN,
    rule: 'FREQ=WEEKLY;BYDAY=SU',
    durationMs: HOUR,
  }),
  window(2, {
    name: 'after patch Tuesday',
    startsAt: '2024-01-10T22:00:00',
    zone: NEW_YORK,
    rule: 'FREQ=MONTHLY;BYDAY=2WE',
    durationMs: 3 * HOUR,
  }),
  window(3, { name: 'leap day', startsAt: '2024-02-29T00:00:00', zone: BERLIN, rule: 'FREQ=YEARLY', durationMs: DAY }),
  window(4, {
    name: 'end of month',
    startsAt: '2024-01-31T23:00:00',
    zone: BERLIN,
    rule: 'FREQ=MONTHLY;BYMONTHDAY=-1',
    durationMs: 2 * HOUR,
  }),
];

const spans = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'] as const, from: '08:00', until: '18:00' }];
const night = [{ days: ['sat', 'sun'] as const, from: '22:00', until: '06:00' }];

function schedules(holiday: string, override: { from: number; until: number }) {
  const berlin = OnCallSchedule.parse({
    name: 'Berlin',
    zone: BERLIN,
    rotations: [
      { name: 'weekend nights', people: [contact('dora')], startsAt: '2024-01-01T00:00', everyDays: 7, hours: night },
      { name: 'week', people: ['ada', 'ben', 'cleo'].map(contact), startsAt: '2024-01-01T09:00', everyDays: 7 },
    ],
    overrides: [{ ...override, contact: contact('dora') }],
    holidays: [{ date: holiday, contact: contact('cleo') }],
  });
  const newYork = OnCallSchedule.parse({
    name: 'New York',
    zone: NEW_YORK,
    // Hands over at a time that one Sunday does not have.
    rotations: [{ name: 'week', people: ['ada', 'ben'].map(contact), startsAt: '2024-01-07T02:30', everyDays: 7 }],
  });
  return [berlin, newYork];
}

const policy = (holiday: string) =>
  Escalation.parse({
    name: 'usual',
    tiers: [15, 30, 60, 120].map((minutes, n) => ({
      name: `tier ${n + 1}`,
      afterMs: minutes * MINUTE,
      targets: [{ kind: 'contact', contact: contact('ada') }],
    })),
    hours: { timeZone: BERLIN, spans },
    holidays: [holiday],
  });

interface Planned {
  name: string;
  at: number;
  severity: Severity;
  /** Somebody takes it. */
  takenAfter?: number;
  /** It becomes critical. */
  criticalAfter?: number;
}
interface Span30 {
  from: string;
  holiday: string;
  override: [string, string];
  incidents: Planned[];
}
const utc = (text: string) => Date.parse(`${text}Z`);

/** Each change of each thing in thirty days, in steps of five minutes. */
function live({ from, holiday, override, incidents }: Span30): string {
  const clock = new FakeClock(utc(from));
  const calendar = new WindowCalendar(WINDOWS);
  const plans = schedules(holiday, { from: utc(override[0]), until: utc(override[1]) });
  const escalation = policy(holiday);
  const work = { zone: BERLIN, spans: escalation.hours?.spans ?? [], holidays: [holiday] };
  const lines: string[] = [];
  const known = new Map<string, string>();
  const say = (thing: string, state: string) => {
    if (known.get(thing) === state) return;
    known.set(thing, state);
    const local = (zone: string) => writeWall(wallAt(zone, clock.now())).slice(5, 16).replace('T', ' ');
    const utcText = new Date(clock.now()).toISOString().slice(0, 16).replace('T', ' ');
    lines.push(`${utcText}Z  Berlin ${local(BERLIN)}  New York ${local(NEW_YORK)}  ${thing}: ${state}`);
  };
  for (const end = utc(from) + 30 * DAY; clock.now() < end; clock.jump(5 * MINUTE)) {
    const now = clock.now();
    const open = calendar.openAt(now);
    for (const one of WINDOWS) say(`window ${one.name}`, open.includes(one) ? 'open' : 'closed');
    say('hours of work', isWorkTime(work, now) ? 'begin' : 'end');
    for (const plan of plans) say(`on call ${plan.name}`, nameOf(onCallAt(plan, now)));
    for (const { name, at, severity, takenAfter, criticalAfter } of incidents) {
      if (now < at) continue;
      const stoppedAt = takenAfter === undefined ? undefined : at + takenAfter;
      const isWorse = criticalAfter !== undefined && now >= at + criticalAfter;
      const climber = { toldAt: at, severity: isWorse ? ('critical' as const) : severity, stoppedAt };
      const { due } = escalationAt(escalation, climber, now);
      say(`incident ${name}`, due.length === 0 ? 'told' : `climbed to ${due.map((tier) => tier + 1).join(' ')}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

const SPANS: Record<string, Span30> = {
  spring: {
    from: '2026-03-05T00:00',
    holiday: '2026-04-03',
    override: ['2026-03-28T20:00', '2026-03-29T06:00'],
    incidents: [
      { name: 'friday evening, high', at: utc('2026-03-27T16:50'), severity: 'high' },
      { name: 'in the night of the change, critical', at: utc('2026-03-29T00:30'), severity: 'critical' },
      { name: 'taken after 40 minutes', at: utc('2026-03-10T10:00'), severity: 'medium', takenAfter: 40 * MINUTE },
      { name: 'before the holiday, high', at: utc('2026-04-02T15:40'), severity: 'high' },
      { name: 'gets worse at night', at: utc('2026-03-17T19:00'), severity: 'low', criticalAfter: 100 * MINUTE },
    ],
  },
  autumn: {
    from: '2026-10-10T00:00',
    holiday: '2026-11-02',
    override: ['2026-10-24T20:00', '2026-10-25T06:00'],
    incidents: [
      { name: 'friday evening, high', at: utc('2026-10-23T15:50'), severity: 'high' },
      { name: 'in the hour that comes twice, critical', at: utc('2026-10-25T00:30'), severity: 'critical' },
      { name: 'before a holiday of Monday, high', at: utc('2026-10-30T16:40'), severity: 'high' },
      { name: 'taken at once', at: utc('2026-10-20T10:00'), severity: 'high', takenAfter: 5 * MINUTE },
    ],
  },
  'leap-day': {
    from: '2028-02-15T00:00',
    holiday: '2028-02-28',
    override: ['2028-02-28T23:00', '2028-02-29T23:00'],
    incidents: [
      { name: 'on the eve, high', at: utc('2028-02-28T12:00'), severity: 'high' },
      { name: 'on the last minute of the day, critical', at: utc('2028-02-29T22:50'), severity: 'critical' },
    ],
  },
};

describe('thirty days', () => {
  test.each(Object.entries(SPANS))('of %s pass as they are written', async (name, span) => {
    await expect(live(span)).toMatchFileSnapshot(`./golden/${name}.txt`);
  });
});
