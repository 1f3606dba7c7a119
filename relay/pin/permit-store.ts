// The permit of a broken glass: who opened it, for which devices, until when; on disk, and no clock makes it longer.
import path from 'node:path';
import { z } from 'zod';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { DeviceId, PermitId } from '#shared/base/id.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';

export const MAX_PERMIT_MS = 3_600_000;

export const Permit = z.strictObject({
  id: PermitId,
  openedAt: z.int(),
  expiresAt: z.int(),
  /** The newest time at which it was looked at: a clock that shows less was set back, and ends the permit. */
  seenAt: z.int(),
  devices: z.array(DeviceId).min(1).max(100),
  reason: z.string().min(1).max(500),
  /** As the person's own command line said it. */
  by: z.string().max(200),
  /** The person said that the freeze of the site shall not hold them. */
  isThroughFreeze: z.boolean(),
});
export type Permit = z.infer<typeof Permit>;

/** Written as often at most while it is open: what a killed process may forget of the time that passed. */
const SEEN_EVERY_MS = 5_000;

const fileOf = (data: string) => path.join(data, 'identity', 'break-glass.json');

export class PermitStore {
  readonly #data: string;
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly #onEnd: (permit: Permit, why: string) => void;
  #permit: Permit | undefined;
  /** By this process's own time, which nobody turns. */
  #endsAt = 0;

  /** `clock` shows no time before a signed one. A file that does not read is no permit. */
  constructor(
    data: string,
    deps: { clock: Pick<Clock, 'now' | 'monotonic'>; onEnd: (permit: Permit, why: string) => void },
  ) {
    this.#data = data;
    this.#clock = deps.clock;
    this.#onEnd = deps.onEnd;
    const text = readPrivateFile(fileOf(data));
    if (text === undefined) return;
    const parsed = Permit.nullable().safeParse(jsonOf(text));
    this.#permit = parsed.success ? (parsed.data ?? undefined) : undefined;
    const left =
      this.#permit === undefined ? 0 : this.#permit.expiresAt - Math.max(this.#permit.seenAt, this.#clock.now());
    this.#endsAt = this.#clock.monotonic() + Math.min(left, MAX_PERMIT_MS);
  }

  /** The permit in force, if any; asking for it is what ends it when its time is over. */
  get current(): Permit | undefined {
    const permit = this.#permit;
    if (permit === undefined) return undefined;
    const now = this.#clock.now();
    if (now < permit.seenAt) return this.end('the clock was set back');
    if (now >= permit.expiresAt || this.#clock.monotonic() >= this.#endsAt) return this.end('its time is over');
    if (now - permit.seenAt < SEEN_EVERY_MS) return permit;
    try {
      this.#keep({ ...permit, seenAt: now });
    } catch {
      // A restart could not know how much of its time has passed.
      this.#permit = undefined;
      this.#onEnd(permit, 'its file cannot be written');
    }
    return this.#permit;
  }

  /** In force and on disk before it returns. One at a time: another one is ended first by its person. */
  open(permit: Permit): void {
    if (this.current !== undefined)
      throw new AppError('conflict', 'the glass is broken already; close that permit first');
    const lasts = permit.expiresAt - permit.openedAt;
    if (lasts <= 0 || lasts > MAX_PERMIT_MS) throw new AppError('bad-request', 'a permit lasts 1 to 60 minutes');
    this.#keep(permit);
    this.#endsAt = this.#clock.monotonic() + lasts;
  }

  end(why: string): undefined {
    const permit = this.#permit;
    if (permit === undefined) return;
    // Over for this process whatever the disk says; a file that could not be written ends with the permit's own time.
    this.#permit = undefined;
    try {
      this.#keep(undefined);
    } finally {
      this.#onEnd(permit, why);
    }
  }

  #keep(permit: Permit | undefined): void {
    writePrivateFile(fileOf(this.#data), `${JSON.stringify(permit ?? null)}\n`);
    this.#permit = permit;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // cut off by a crash: the permit is gone with it
  }
}

/** Throws why `permit` does not cover this; the caller asks for the one in force. */
export function checkPermit(permit: Permit | undefined, asked: { id: PermitId; devices: readonly DeviceId[] }): Permit {
  if (permit === undefined || permit.id !== asked.id)
    throw new AppError('break-glass', `permit ${asked.id}: is not in force any more`);
  const other = asked.devices.find((device) => !permit.devices.includes(device));
  if (other !== undefined) throw new AppError('break-glass', `permit ${permit.id}: does not name device ${other}`);
  return permit;
}
