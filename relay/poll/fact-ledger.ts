// Remembers which facts of a device the console was told, so that unchanged inventory is not sent again, not even after a restart.
import { z } from 'zod';
import type { Clock, EpochMs } from '#shared/base/clock.ts';
import { DeviceId } from '#shared/base/id.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';
import { Sha256Hex } from '#shared/model/record.ts';

/** Sent again after this, changed or not: heals a console restored from a backup, and facts lost to a quota. */
const RESEND_MS = 7 * 86_400_000;
/** A fact is written down as sent only when the spool has surely committed it (it does so every 5 s). */
const SETTLE_MS = 30_000;

const Told = z.strictObject({ hash: Sha256Hex, at: z.int() });
const LedgerFile = z.record(DeviceId, z.record(z.string(), Told));
type Told = z.infer<typeof Told>;

export class FactLedger {
  readonly #file: string | undefined;
  readonly #clock: Clock;
  readonly #told = new Map<string, Map<string, Told>>();
  #isDirty = false;

  /** Without a file it forgets at the end. A file that cannot be read costs one more sending, no more. */
  constructor(deps: { clock: Clock; file?: string }) {
    this.#clock = deps.clock;
    this.#file = deps.file;
    const parsed = LedgerFile.safeParse(parseJson(deps.file === undefined ? undefined : readPrivateFile(deps.file)));
    if (!parsed.success) return;
    for (const [device, kinds] of Object.entries(parsed.data)) this.#told.set(device, new Map(Object.entries(kinds)));
  }

  /** True, and noted, when the console does not have this fact yet. */
  isNews(device: DeviceId, kind: string, hash: string): boolean {
    const now = this.#clock.now();
    const kinds = this.#told.get(device) ?? new Map<string, Told>();
    const former = kinds.get(kind);
    if (former?.hash === hash && Math.abs(now - former.at) < RESEND_MS) return false;
    this.#told.set(device, kinds.set(kind, { hash, at: now }));
    this.#isDirty = true;
    return true;
  }

  forget(device: DeviceId): void {
    this.#isDirty = this.#told.delete(device) || this.#isDirty;
  }

  /** Called now and then, and at the end; facts told a moment ago are left out. */
  save(): void {
    if (!this.#isDirty || this.#file === undefined) return;
    const settled = this.#clock.now() - SETTLE_MS;
    writePrivateFile(this.#file, JSON.stringify(this.#settledBefore(settled)));
    this.#isDirty = [...this.#told.values()].some((kinds) => [...kinds.values()].some(({ at }) => at > settled));
  }

  #settledBefore(limit: EpochMs): Record<string, Record<string, Told>> {
    return Object.fromEntries(
      [...this.#told].map(([device, kinds]) => [
        device,
        Object.fromEntries([...kinds].filter(([, told]) => told.at <= limit)),
      ]),
    );
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined; // no JSON is no ledger
  }
}
