// On-call schedules: kept by hand, and told to people as who has it now, as turns, and as a calendar.
import type { Caller } from '#console/access/can.ts';
import { AppError } from '#shared/base/errors.ts';
import type { ContactId, OnCallId } from '#shared/base/id.ts';
import { type OnCallSummary, type OnCallTurn, OnCallSummary as Summary } from '#shared/contract/notify-contract.ts';
import { writeCalendar } from '#shared/judge/time/icalendar.ts';
import { onCallNow, onCallTurns } from '#shared/judge/time/on-call.ts';
import type { OnCallSchedule } from '#shared/model/on-call.ts';
import { Entries, type EntryDeps } from './entries.ts';
import { readSetup } from './setup.ts';

/** A quarter of a year and some days: what pages show, and what a calendar program asks for again each day. */
const MOST_MS = 100 * 86_400_000;
const CALENDAR_MS = 90 * 86_400_000;

const Stored = Summary.omit({ now: true });

export class OnCall {
  readonly #deps: EntryDeps;
  readonly #entries: Entries<OnCallSchedule, Omit<OnCallSummary, 'now'>>;

  constructor(deps: EntryDeps) {
    this.#deps = deps;
    this.#entries = new Entries(deps, { kind: 'on-call', schema: Stored, check: mustEnd });
  }

  async list(): Promise<OnCallSummary[]> {
    const names = await this.#names();
    return (await this.#entries.list()).map((one) => this.#summary(one, names));
  }

  async create(caller: Caller, value: OnCallSchedule): Promise<OnCallSummary> {
    return this.#summary(await this.#entries.create(caller, value), await this.#names());
  }

  async update(caller: Caller, id: OnCallId, value: OnCallSchedule): Promise<OnCallSummary> {
    return this.#summary(await this.#entries.update(caller, id, value), await this.#names());
  }

  remove(caller: Caller, id: OnCallId): Promise<void> {
    return this.#entries.remove(caller, id);
  }

  /** Throws `bad-request` for more than 100 days. */
  async turns(id: OnCallId, from: number, until: number): Promise<OnCallTurn[]> {
    if (until <= from || until - from > MOST_MS)
      throw new AppError('bad-request', 'from, and until at most 100 days later');
    const { onCall, contacts } = await readSetup(this.#deps.store.db);
    const schedule = onCall.get(id);
    if (schedule === undefined) throw new AppError('not-found', `no on-call schedule ${id}`);
    return onCallTurns(schedule, from, until).map(({ contact, from: begin, to, because }) => ({
      ...{ contact, because, from: begin, until: to },
      name: contacts.get(contact)?.name ?? 'somebody who is no more',
    }));
  }

  /** Of everybody, or of one of them. */
  async calendar(id: OnCallId, contact?: ContactId): Promise<string> {
    const now = this.#deps.clock.now();
    const turns = await this.turns(id, now, now + CALENDAR_MS);
    const own = turns.filter((turn) => contact === undefined || turn.contact === contact);
    const schedule = (await this.#entries.list()).find((one) => one.id === id);
    const name = `On call: ${schedule?.name ?? ''}`;
    const events = own.map((turn) => ({
      uid: `${id}-${turn.from}@on-call.invalid`,
      from: turn.from,
      to: turn.until,
      summary: `${turn.name} is on call`,
      description: `${schedule?.name ?? ''}: ${turn.because}`,
    }));
    return writeCalendar(name, events, now);
  }

  #summary(one: Omit<OnCallSummary, 'now'>, names: ReadonlyMap<string, string>): OnCallSummary {
    const { id: _id, ...schedule } = one;
    const now = onCallNow(schedule, this.#deps.clock.now());
    const name = names.get(now?.contact ?? '') ?? 'somebody who is no more';
    return { ...one, now: now === undefined ? null : { contact: now.contact, name, until: now.until } };
  }

  async #names(): Promise<Map<string, string>> {
    const { contacts } = await readSetup(this.#deps.store.db);
    return new Map([...contacts.values()].map(({ id, name }) => [id, name]));
  }
}

function mustEnd({ overrides }: OnCallSchedule): void {
  if (overrides.some(({ from, until }) => until <= from))
    throw new AppError('bad-request', 'an override ends after it begins');
}
