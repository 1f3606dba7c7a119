// What broken or hostile devices print: too much, for ever, terminal escapes, bytes that are no text.
import type { ExecOutput } from './exec-output.ts';

/** 64 KiB: about one channel packet train; the stream is endless in small memory. */
const CHUNK_BYTES = 65_536;
const HUGE_BYTES = 1_073_741_824;

async function flood(output: ExecOutput, totalBytes: number): Promise<void> {
  const line = 'the same line over and over, as a runaway log would print it\n';
  const chunk = Buffer.from(line.repeat(Math.ceil(CHUNK_BYTES / line.length))).subarray(0, CHUNK_BYTES);
  for (let sent = 0; sent < totalBytes; sent += chunk.length) await output.stdout(chunk);
}

/** Clears the screen, renames the window, moves the cursor, asks the terminal to answer: all that a careless console would obey. */
export const ANSI_BOMB =
  '\u001b[2J\u001b]0;owned\u0007\u001b[6n\u001b[999;999H\u001b[5i\u001bc\u0090q\u009c\u202e\u0008\r';

/** Overlong forms, lone continuation bytes, a surrogate, a cut sequence. */
export const INVALID_UTF8 = Buffer.from([
  0xff, 0xfe, 0xc0, 0xaf, 0x80, 0xed, 0xa0, 0x80, 0xf4, 0x90, 0x80, 0x80, 0xe2, 0x82,
]);

export type BadOutput = 'huge' | 'endless' | 'ansi-bomb' | 'invalid-utf8';

/** What a login profile of this kind prints before a script has begun; 20 kB stay under any sensible bound for greetings. */
export async function greet(kind: BadOutput, output: ExecOutput): Promise<void> {
  if (kind === 'ansi-bomb') await output.stdout(`${ANSI_BOMB.repeat(400)}\n`);
  if (kind === 'invalid-utf8') await output.stdout(Buffer.concat([...garbage(1_000), Buffer.from('\n')]));
}

const garbage = (times: number): Buffer[] => Array.from({ length: times }, () => INVALID_UTF8);

/** Prints as the script itself; true when the healthy answer still follows. */
export async function spoil(kind: BadOutput, output: ExecOutput): Promise<boolean> {
  if (kind === 'huge' || kind === 'endless') {
    await flood(output, kind === 'huge' ? HUGE_BYTES : Number.POSITIVE_INFINITY);
    return false;
  }
  await greet(kind, output);
  return true;
}
