// The pinned charter on disk: only a newer one, signed by its owners, replaces it; and the newest signed time seen.
import path from 'node:path';
import { z } from 'zod';
import type { Clock, EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';
import { type Charter, SignedCharter } from '#shared/model/charter.ts';
import { readCharter, trustOf, verifyCharter } from '#shared/seal/charter-seal.ts';

const CharterFile = z.strictObject({ signed: SignedCharter, timeFloor: z.int() });
type CharterFile = z.infer<typeof CharterFile>;

// The floor moves with orders; a minute of slack saves two fsyncs per order and costs nothing of its meaning.
const FLOOR_STEP_MS = 60_000;

const fileOf = (data: string) => path.join(data, 'identity', 'charter.json');

const write = (data: string, file: CharterFile) => writePrivateFile(fileOf(data), `${JSON.stringify(file)}\n`);

/** Pins the charter of an enrolment, which the caller verified against the pinned owner. Durable before it returns. */
export function storeFirstCharter(data: string, signed: SignedCharter, charter: Charter): void {
  write(data, { signed, timeFloor: charter.issuedAt });
}

export class CharterStore {
  readonly #data: string;
  #charter: Charter;
  #signed: SignedCharter;
  #timeFloor: EpochMs;

  private constructor(data: string, charter: Charter, file: CharterFile) {
    this.#data = data;
    this.#charter = charter;
    this.#signed = file.signed;
    this.#timeFloor = Math.max(file.timeFloor, charter.issuedAt);
  }

  /** The store of an enrolled relay. */
  static async open(data: string): Promise<CharterStore> {
    const text = readPrivateFile(fileOf(data));
    if (text === undefined) throw new AppError('charter-invalid', `${fileOf(data)} is missing; enrol this relay again`);
    let file: CharterFile;
    try {
      file = CharterFile.parse(JSON.parse(text));
    } catch (cause) {
      throw new AppError('charter-invalid', `${fileOf(data)}: not a stored charter`, { cause });
    }
    return new CharterStore(data, await readCharter(file.signed), file);
  }

  get charter(): Charter {
    return this.#charter;
  }

  /** The newest time that a trusted key has signed, to the minute; no clock can turn it. */
  get signedTime(): EpochMs {
    return this.#timeFloor;
  }

  /** Takes `signed` when the owners of the present charter made it and it is newer; else throws why not. */
  async accept(signed: SignedCharter): Promise<Charter> {
    const before = this.#charter;
    const charter = await verifyCharter(signed, trustOf(before));
    // Another one came in while this one was verified: it is measured against that.
    if (this.#charter !== before) return this.accept(signed);
    const timeFloor = Math.max(this.#timeFloor, charter.issuedAt);
    write(this.#data, { signed, timeFloor });
    this.#charter = charter;
    this.#signed = signed;
    this.#timeFloor = timeFloor;
    return charter;
  }

  /** The time orders are judged by: never before a time that a trusted key has signed, whatever the clock says. */
  now(clock: Clock): EpochMs {
    return Math.max(clock.now(), this.#timeFloor);
  }

  /** Remembers the `nbf` of an order that was verified and found valid, so that a clock set back revives nothing. */
  noteSignedTime(at: EpochMs): void {
    if (at < this.#timeFloor + FLOOR_STEP_MS) return;
    write(this.#data, { signed: this.#signed, timeFloor: at });
    this.#timeFloor = at;
  }
}
