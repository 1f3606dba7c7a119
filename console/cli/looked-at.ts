// What a person looked at is what the same person signs: a console that shows another order under the same id the second time is caught.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';
import { sha256B64u } from '#shared/seal/hash.ts';

/** Nobody has more orders before their eyes; the oldest are forgotten. */
const MAX_KEPT = 100;

const Looked = z.array(z.strictObject({ id: z.string(), hash: z.string() })).max(MAX_KEPT);

const fileOf = (data: string) => path.join(data, 'cli', 'looked-at.json');

function lookedAt(data: string): z.infer<typeof Looked> {
  try {
    const parsed = Looked.safeParse(JSON.parse(readPrivateFile(fileOf(data)) ?? '[]'));
    return parsed.success ? parsed.data : [];
  } catch {
    // Half a file remembers nothing; it is written anew.
    return [];
  }
}

/** Remembers `text` as what was shown under `id`; only where a command line has its folder: who merely looks makes none. */
export async function rememberLook(data: string, id: string, text: string): Promise<void> {
  if (!existsSync(path.dirname(fileOf(data)))) return;
  const others = lookedAt(data).filter((one) => one.id !== id);
  const kept = [...others, { id, hash: await sha256B64u(text) }].slice(-MAX_KEPT);
  writePrivateFile(fileOf(data), `${JSON.stringify(kept)}\n`);
}

/** It was signed as it was looked at: what is shown under `id` from now on is another thing. */
export function forgetLook(data: string, id: string): void {
  const known = lookedAt(data);
  const others = known.filter((one) => one.id !== id);
  if (others.length < known.length) writePrivateFile(fileOf(data), `${JSON.stringify(others)}\n`);
}

/** Throws `signature-invalid` when something else was shown under `id` before; who never looked signs what is shown now. */
export async function assertLookedAt(data: string, id: string, text: string): Promise<void> {
  const known = lookedAt(data).find((one) => one.id === id);
  if (known !== undefined && known.hash !== (await sha256B64u(text)))
    throw new AppError('signature-invalid', `${id}: is not what you looked at; look at it again, without --yes`);
}
