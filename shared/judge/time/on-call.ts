// Who is on call: rotations that hand over by the wall clock, hours they hold in, holidays, and people who take over for a while.
import type { EpochMs } from '#shared/base/clock.ts';
import type { ContactId } from '#shared/base/id.ts';
import type { OnCallSchedule, Rotation } from '#shared/model/on-call.ts';
import { clipped, holds, type Span } from './span.ts';
import { daySpan, workSpans } from './work-hours.ts';
import { DAY_MS, dayOf, instantOf, readWall, wallAt, writeWall } from './zone-time.ts';

/** One person's time, and why it is theirs: a rotation's name, "override" or "holiday". */
export interface Turn extends Span {
  contact: ContactId;
  because: string;
}

/** Longer than any turn (56 days): who has it that long has it without an end in sight. */
const AHEAD_MS = 60 * DAY_MS;

function handOvers(schedule: OnCallSchedule, rotation: Rotation, { from, to }: Span): Turn[] {
  const start = readWall(`${rotation.startsAt}:00`);
  if (start === undefined) return [];
  const step = rotation.everyDays * DAY_MS;
  const turns: Turn[] = [];
  const first = Math.max(0, Math.floor((wallAt(schedule.zone, from) - start) / step) - 1);
  let begin = instantOf(schedule.zone, start + first * step);
  for (let turn = first; begin < to; turn += 1) {
    const end = instantOf(schedule.zone, start + (turn + 1) * step);
    const contact = rotation.people[turn % rotation.people.length];
    if (contact !== undefined && end > from) turns.push({ contact, from: begin, to: end, because: rotation.name });
    begin = end;
  }
  return turns;
}

function rotationTurns(schedule: OnCallSchedule, rotation: Rotation, over: Span): Turn[] {
  const turns = handOvers(schedule, rotation, over);
  if (rotation.hours === undefined) return turns;
  const holidays = schedule.holidays.map(({ date }) => date);
  const hours = workSpans({ zone: schedule.zone, spans: rotation.hours, holidays }, over.from, over.to);
  return turns.flatMap((turn) => clipped(hours, turn.from, turn.to).map((span) => ({ ...turn, ...span })));
}

function holidayTurns({ zone, holidays }: OnCallSchedule, over: Span): Turn[] {
  // A day wider: no zone is further from UTC.
  const first = writeWall(dayOf(over.from - DAY_MS) * DAY_MS).slice(0, 10);
  const last = writeWall(dayOf(over.to + DAY_MS) * DAY_MS).slice(0, 10);
  return holidays.flatMap(({ date, contact }) => {
    if (contact === undefined || date < first || date > last) return [];
    const span = daySpan(zone, date);
    return span === undefined ? [] : [{ ...span, contact, because: 'holiday' }];
  });
}

/** Everybody's claims, the stronger before the weaker. */
function claims(schedule: OnCallSchedule, over: Span): Turn[] {
  const overrides = [...schedule.overrides]
    .reverse()
    .map(({ from, until, contact }) => ({ from, to: until, contact, because: 'override' }));
  return [
    ...overrides,
    ...holidayTurns(schedule, over),
    ...schedule.rotations.flatMap((rotation) => rotationTurns(schedule, rotation, over)),
  ].filter((one) => one.from < over.to && one.to > over.from && one.from < one.to);
}

/** Who has it in [from, to), in order and without overlap; times without anybody are missing. */
export function onCallTurns(schedule: OnCallSchedule, from: EpochMs, to: EpochMs): Turn[] {
  const all = claims(schedule, { from, to });
  const edges = [...new Set([from, ...all.flatMap((one) => [one.from, one.to]), to])]
    .filter((at) => at >= from && at <= to)
    .sort((a, b) => a - b);
  const turns: Turn[] = [];
  edges.slice(0, -1).forEach((begin, n) => {
    const claim = all.find((one) => holds(one, begin));
    if (claim === undefined) return;
    const end = edges[n + 1] ?? to;
    const last = turns.at(-1);
    if (last?.to === begin && last.contact === claim.contact && last.because === claim.because) last.to = end;
    else turns.push({ contact: claim.contact, because: claim.because, from: begin, to: end });
  });
  return turns;
}

/** Whoever has it at a moment; undefined: nobody. */
export const onCallAt = (schedule: OnCallSchedule, at: EpochMs): ContactId | undefined =>
  claims(schedule, { from: at, to: at + 1 })[0]?.contact;

/** The same with its reason, and until when: null where no end is in sight. */
export function onCallNow(
  schedule: OnCallSchedule,
  at: EpochMs,
): { contact: ContactId; because: string; until: EpochMs | null } | undefined {
  const turn = onCallTurns(schedule, at, at + AHEAD_MS)[0];
  if (turn === undefined || turn.from > at) return undefined;
  return { contact: turn.contact, because: turn.because, until: turn.to === at + AHEAD_MS ? null : turn.to };
}
