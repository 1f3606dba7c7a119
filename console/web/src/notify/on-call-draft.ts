// An on-call schedule as its form holds it: who takes turns, from when, for how long, and the days that are none of work.
import { newSpan, type SpanDraft } from '#console/web/src/people/grant-draft.ts';
import { timeZone } from '#console/web/src/text/time.ts';
import type { Schedule } from './notify-data.ts';

export interface RotationDraft {
  name: string;
  /** Contacts in the order of their turns. */
  people: string[];
  /** Wall time of the schedule's zone: "2026-11-23T08:00". */
  startsAt: string;
  everyDays: string;
  hasHours: boolean;
  spans: SpanDraft[];
}

export interface OnCallDraft {
  name: string;
  zone: string;
  rotations: RotationDraft[];
  /** "2026-12-25 Christmas", one a line. */
  holidays: string;
}

/** A week each, from Monday morning. */
export const newRotation = (name: string, startsAt: string): RotationDraft => ({
  ...{ name, startsAt, people: [], everyDays: '7', hasHours: false },
  spans: [newSpan()],
});

/** The Monday of a week at 08:00, from a wall time in milliseconds as if it were UTC. */
export function mondayMorning(wall: number): string {
  const date = new Date(wall);
  // Sunday is the last day of its week.
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  return `${date.toISOString().slice(0, 10)}T08:00`;
}

export const draftOf = (schedule: Schedule | undefined, first: RotationDraft): OnCallDraft => ({
  name: schedule?.name ?? '',
  zone: schedule?.zone ?? timeZone,
  rotations: schedule?.rotations.map(({ name, people, startsAt, everyDays, hours }) => ({
    ...{ name, startsAt, people: [...people], everyDays: String(everyDays) },
    ...{ hasHours: hours !== undefined, spans: hours?.map((span) => ({ ...span })) ?? [newSpan()] },
  })) ?? [first],
  holidays: (schedule?.holidays ?? []).map(({ date, name }) => `${date} ${name}`.trim()).join('\n'),
});

const HOLIDAY = /^(\d{4}-\d\d-\d\d)(?:\s+(.{1,120}))?$/;
const WALL = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;
const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

export type OnCallFault = 'name' | 'people' | 'start' | 'days' | 'hours' | 'holidays';

/** By field: "rotations.0.people". */
export function faultsOf(draft: OnCallDraft): Record<string, OnCallFault> {
  const faults: Record<string, OnCallFault> = {};
  if (draft.name.trim() === '') faults['name'] = 'name';
  for (const [at, rotation] of draft.rotations.entries()) {
    const { name, people, startsAt, everyDays, hasHours, spans } = rotation;
    const days = /^\d{1,2}$/.test(everyDays.trim()) ? Number(everyDays) : 0;
    const isEmptySpan = spans.some((span) => span.days.length === 0 || span.from === '' || span.until === '');
    if (name.trim() === '') faults[`rotations.${at}.name`] = 'name';
    if (people.length === 0) faults[`rotations.${at}.people`] = 'people';
    if (!WALL.test(startsAt)) faults[`rotations.${at}.startsAt`] = 'start';
    if (days < 1 || days > 56) faults[`rotations.${at}.everyDays`] = 'days';
    if (hasHours && isEmptySpan) faults[`rotations.${at}.hours`] = 'hours';
  }
  if (linesOf(draft.holidays).some((line) => !HOLIDAY.test(line))) faults['holidays'] = 'holidays';
  return faults;
}

type Kept = Pick<Schedule, 'overrides' | 'holidays'>;

/** What the form does not show stays: who takes over when, and who has a holiday. */
export function wishOf(draft: OnCallDraft, { overrides, holidays }: Kept) {
  const contactOf = new Map(holidays.map(({ date, contact }) => [date, contact]));
  return {
    name: draft.name.trim(),
    zone: draft.zone,
    rotations: draft.rotations.map(({ name, people, startsAt, everyDays, hasHours, spans }) => ({
      ...{ name: name.trim(), people, startsAt, everyDays: Number(everyDays) },
      ...(hasHours && { hours: spans }),
    })),
    overrides,
    holidays: linesOf(draft.holidays).map((line) => {
      const [, date = '', name = ''] = HOLIDAY.exec(line) ?? [];
      const contact = contactOf.get(date);
      return { date, name, ...(contact !== undefined && { contact }) };
    }),
  };
}
