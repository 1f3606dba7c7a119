// The newest brake this relay was given, on disk: a frozen relay is frozen after a restart too.
import path from 'node:path';
import { z } from 'zod';
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';
import type { Charter } from '#shared/model/charter.ts';
import { Brake, type Freeze, SignedBrake } from '#shared/model/freeze.ts';
import { assertNotAhead, verifyBrake } from '#shared/seal/freeze-seal.ts';

/** Verified when it was stored; `signed` is kept as the proof. */
const BrakeFile = z.strictObject({ brake: Brake, signed: SignedBrake });
type BrakeFile = z.infer<typeof BrakeFile>;

const fileOf = (data: string) => path.join(data, 'identity', 'freeze.json');

export class FreezeStore {
  readonly #data: string;
  #held: BrakeFile | undefined;
  /** What is held is on disk: false where the disk took no freeze. */
  #isStored = true;

  private constructor(data: string, held: BrakeFile | undefined) {
    this.#data = data;
    this.#held = held;
  }

  /** A file that cannot be read stops the start: nobody can say that this relay was not frozen. */
  static open(data: string): FreezeStore {
    const text = readPrivateFile(fileOf(data));
    if (text === undefined) return new FreezeStore(data, undefined);
    try {
      return new FreezeStore(data, BrakeFile.parse(JSON.parse(text)));
    } catch (cause) {
      throw new AppError('frozen', `${fileOf(data)}: not a stored freeze; its site counts as frozen`, { cause });
    }
  }

  /** The freeze in force. */
  get frozen(): Freeze | undefined {
    return this.#held?.brake.kind === 'freeze' ? this.#held.brake : undefined;
  }

  /** When the newest freeze or thaw was signed; 0 before the first. */
  get newestAt(): EpochMs {
    return this.#held?.brake.at ?? 0;
  }

  /**
   * Takes what is newer and properly signed; durable before it returns. Undefined when it changes nothing: old, or known.
   * A freeze is in force even where this throws because the disk does not take it; the next brake that comes writes it.
   */
  async accept(signed: SignedBrake, charter: Charter, now: EpochMs): Promise<Brake | undefined> {
    const brake = await verifyBrake(signed, charter);
    const held = this.#held?.brake;
    if (held !== undefined && brake.at <= held.at) {
      if (this.#held !== undefined && !this.#isStored) this.#store(this.#held);
      return undefined;
    }
    assertNotAhead(brake, now);
    if (brake.kind === 'thaw' && held?.kind === 'freeze' && brake.freezes !== held.id)
      throw new AppError('frozen', `thaw ${brake.id}: ends freeze ${brake.freezes}, but ${held.id} is in force`);
    const next = { brake, signed };
    // Whoever stops is obeyed at once; whoever lets go is on disk first.
    if (brake.kind === 'freeze') {
      this.#held = next;
      this.#isStored = false;
    }
    this.#store(next);
    return brake;
  }

  #store(next: BrakeFile): void {
    writePrivateFile(fileOf(this.#data), `${JSON.stringify(next)}\n`);
    this.#held = next;
    this.#isStored = true;
  }
}
