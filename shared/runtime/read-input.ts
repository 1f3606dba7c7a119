// Secrets come from standard input: a process list shows arguments, a shell's history keeps them.
import { AppError } from '#shared/base/errors.ts';

/** Tokens, the words of a key and private keys are smaller; a file given by mistake is not read whole. */
const MAX_BYTES = 65_536;

/** All of standard input, on a terminal one line. */
export async function readInput(): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    const bytes = Buffer.from(part);
    size += bytes.length;
    if (size > MAX_BYTES) throw new AppError('too-large', `standard input: more than ${MAX_BYTES} bytes`);
    parts.push(bytes);
    if (process.stdin.isTTY && bytes.includes(0x0a)) break;
  }
  return Buffer.concat(parts).toString('utf8').trim();
}
