// A secret as a person types or pipes it: never an argument, and on a terminal never on the screen.
import { AppError } from '#shared/base/errors.ts';
import { readInput } from './read-input.ts';

const ENTER = new Set(['\r', '\n', '\u0004']);
const RUB_OUT = new Set(['\u007f', '\b']);
const CTRL_C = '\u0003';
/** Nobody types more. */
const MAX_TYPED = 65_536;

/** `question` is asked on a terminal alone; what is piped is read whole, without blanks at its ends. */
export async function readHidden(question: string): Promise<string> {
  const { stdin } = process;
  if (!stdin.isTTY) return readInput();
  process.stderr.write(`${question} (not shown): `);
  stdin.setRawMode(true);
  try {
    return await typed();
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    process.stderr.write('\n');
  }
}

async function typed(): Promise<string> {
  let text = '';
  for await (const part of process.stdin) {
    for (const sign of Buffer.from(part).toString('utf8')) {
      if (ENTER.has(sign)) return text;
      if (sign === CTRL_C) throw new AppError('unavailable', 'stopped');
      if (RUB_OUT.has(sign)) text = [...text].slice(0, -1).join('');
      else text += sign;
    }
    if (text.length > MAX_TYPED) throw new AppError('too-large', `more than ${MAX_TYPED} characters`);
  }
  return text;
}
