// Since when the journal knows everything: a journal that replaced a lost one cannot say what ran before it.
import { z } from 'zod';
import type { EpochMs } from '#shared/base/clock.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';

/** `madeAt`: when the file that holds the journal was made. */
const FloorFile = z.strictObject({ madeAt: z.int(), floor: z.int() });

/**
 * Remembers, beside the journal, which file it lived in. Another file means that the journal was lost: orders signed
 * before that file was made may have run, and are refused. The first journal of a relay has nothing before it.
 */
export class JournalFloor {
  readonly #file: string;
  readonly #madeAt: () => EpochMs;
  #known: { madeAt: EpochMs; floor: EpochMs } | undefined;

  constructor(file: string, madeAt: () => EpochMs) {
    this.#file = file;
    this.#madeAt = madeAt;
    const text = readPrivateFile(file);
    const parsed = text === undefined ? undefined : FloorFile.safeParse(parseJson(text));
    // A memory that cannot be read is a lost journal too.
    if (parsed !== undefined) this.#known = parsed.success ? parsed.data : { madeAt: 0, floor: 0 };
  }

  /** Orders signed before this are refused; 0 when nothing was ever lost. Durable before it returns. */
  value(): EpochMs {
    const madeAt = this.#madeAt();
    if (this.#known?.madeAt === madeAt) return this.#known.floor;
    this.#known = { madeAt, floor: this.#known === undefined ? 0 : Math.max(this.#known.floor, madeAt) };
    writePrivateFile(this.#file, `${JSON.stringify(this.#known)}\n`);
    return this.#known.floor;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
