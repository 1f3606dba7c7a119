// Remembers how far each event log of each device is read, over a restart: what was told once is not read again, what was not told is.
import { z } from 'zod';
import type { EventMarks } from '#relay/collect/event-log.ts';
import type { Clock } from '#shared/base/clock.ts';
import { DeviceId } from '#shared/base/id.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';

/**
 * A mark is written down only when the spool has surely committed what was told before it (it does so every 5 s). After a crash some
 * entries are read and told again; a device, a log, a number and a time name an entry, so the console keeps it once.
 */
const SETTLE_MS = 30_000;

const Mark = z.strictObject({
  entry: z.int().nonnegative(),
  at: z.int().nonnegative().optional(),
  dropped: z.int().nonnegative(),
});
const MarksFile = z.record(DeviceId, z.record(z.string().max(255), Mark));

interface Known {
  /** What the spool has surely kept. */
  settled: EventMarks;
  /** What was told until `waitingMs`: written down when the spool has surely kept it, however often is told meanwhile. */
  waiting: EventMarks;
  waitingMs: number;
  /** What was told last, at `toldMs`. */
  told: EventMarks;
  toldMs: number;
}

export class EventMarkStore {
  readonly #clock: Clock;
  readonly #file: string | undefined;
  readonly #known = new Map<DeviceId, Known>();
  #isDirty = false;

  /** Without a file it forgets at the end. One that cannot be read costs a second telling of what is near the end of each log. */
  constructor(deps: { clock: Clock; file?: string }) {
    this.#clock = deps.clock;
    this.#file = deps.file;
    const parsed = MarksFile.safeParse(parseJson(deps.file === undefined ? undefined : readPrivateFile(deps.file)));
    if (!parsed.success) return;
    for (const [device, marks] of Object.entries(parsed.data)) {
      // The keys were parsed as ids.
      this.#known.set(device as DeviceId, knownSince(marks, Number.NEGATIVE_INFINITY));
    }
  }

  get(device: DeviceId): EventMarks {
    return this.#known.get(device)?.told ?? {};
  }

  set(device: DeviceId, marks: EventMarks): void {
    const now = this.#clock.monotonic();
    const former = this.#known.get(device);
    const next = { ...knownSince(marks, now), settled: former === undefined ? {} : settledAt(former, now) };
    // In a flood it is told every 20 s: what waits goes on waiting from its own time.
    if (former !== undefined && now - former.waitingMs < SETTLE_MS)
      this.#known.set(device, { ...next, waiting: former.waiting, waitingMs: former.waitingMs });
    else this.#known.set(device, next);
    this.#isDirty = true;
  }

  forget(device: DeviceId): void {
    this.#isDirty = this.#known.delete(device) || this.#isDirty;
  }

  /** Called now and then, and at the end. */
  save(): void {
    if (!this.#isDirty || this.#file === undefined) return;
    const now = this.#clock.monotonic();
    const all = [...this.#known].map(([device, known]) => [device, settledAt(known, now)] as const);
    writePrivateFile(this.#file, JSON.stringify(Object.fromEntries(all)));
    this.#isDirty = [...this.#known.values()].some(({ toldMs }) => now - toldMs < SETTLE_MS);
  }
}

const knownSince = (marks: EventMarks, ms: number): Known => ({
  ...{ settled: marks, waiting: marks, waitingMs: ms, told: marks, toldMs: ms },
});

function settledAt({ settled, waiting, waitingMs, told, toldMs }: Known, now: number): EventMarks {
  if (now - toldMs >= SETTLE_MS) return told;
  return now - waitingMs >= SETTLE_MS ? waiting : settled;
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // no JSON is no mark
  }
}
