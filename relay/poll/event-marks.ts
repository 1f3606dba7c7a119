// Remembers how far each event log of each device is read, over a restart: what was told once is not read again, what was not told is.
import { z } from 'zod';
import type { EventMarks } from '#relay/collect/event-log.ts';
import type { Clock } from '#shared/base/clock.ts';
import { DeviceId } from '#shared/base/id.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';

/**
 * A mark is written down only when the spool has surely committed what was told before it (it does so every 5 s). After a crash some
 * entries are read and told again; a device, a log and a number name an entry, so the console keeps it once.
 */
const SETTLE_MS = 30_000;

const Mark = z.strictObject({ entry: z.int().nonnegative(), dropped: z.int().nonnegative() });
const MarksFile = z.record(DeviceId, z.record(z.string().max(255), Mark));

interface Known {
  /** What the spool has surely kept. */
  settled: EventMarks;
  /** What was told since `at`. */
  told: EventMarks;
  at: number;
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
      this.#known.set(device as DeviceId, { settled: marks, told: marks, at: Number.NEGATIVE_INFINITY });
    }
  }

  get(device: DeviceId): EventMarks {
    return this.#known.get(device)?.told ?? {};
  }

  set(device: DeviceId, marks: EventMarks): void {
    const now = this.#clock.monotonic();
    const former = this.#known.get(device);
    const settled = former === undefined ? {} : this.#settled(former, now);
    this.#known.set(device, { settled, told: marks, at: now });
    this.#isDirty = true;
  }

  forget(device: DeviceId): void {
    this.#isDirty = this.#known.delete(device) || this.#isDirty;
  }

  /** Called now and then, and at the end. */
  save(): void {
    if (!this.#isDirty || this.#file === undefined) return;
    const now = this.#clock.monotonic();
    const all = [...this.#known].map(([device, known]) => [device, this.#settled(known, now)] as const);
    writePrivateFile(this.#file, JSON.stringify(Object.fromEntries(all)));
    this.#isDirty = [...this.#known.values()].some(({ at }) => now - at < SETTLE_MS);
  }

  #settled({ settled, told, at }: Known, now: number): EventMarks {
    return now - at >= SETTLE_MS ? told : settled;
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // no JSON is no mark
  }
}
