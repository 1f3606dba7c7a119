// What travels inside the sealed channel of a terminal: one byte says what the rest is.
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import { WindowSize } from './session.ts';

const INPUT = 0;
const RESIZE = 1;
const OUTPUT = 0;
const FROM = 1;
const END = 2;

/** The client's first message. `have`: bytes of the output it has seen; a new one has none. */
export const TerminalBegin = z.strictObject({ have: z.int().min(0), ...WindowSize.shape });
export type TerminalBegin = z.infer<typeof TerminalBegin>;

const From = z.strictObject({
  /** The output that follows begins with this byte; beyond what the client has where some is kept no more. */
  from: z.int().min(0),
  /** False: lines go as they are written, nothing redraws, and the window has no size there. */
  hasTty: z.boolean(),
});
const End = z.strictObject({ detail: z.string().max(1_000), exitCode: z.int().optional() });

export type ToRelay = { type: 'input'; bytes: Uint8Array } | { type: 'resize'; size: WindowSize };
export type ToClient =
  | { type: 'output'; bytes: Uint8Array }
  | ({ type: 'from' } & z.infer<typeof From>)
  | ({ type: 'end' } & z.infer<typeof End>);

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

function marked(kind: number, bytes: Uint8Array): Uint8Array {
  const message = new Uint8Array(bytes.length + 1);
  message[0] = kind;
  message.set(bytes, 1);
  return message;
}

export const writeBegin = (begin: TerminalBegin): Uint8Array => json(begin);

export function writeToRelay(message: ToRelay): Uint8Array {
  return message.type === 'input' ? marked(INPUT, message.bytes) : marked(RESIZE, json(message.size));
}

export function writeToClient(message: ToClient): Uint8Array {
  if (message.type === 'output') return marked(OUTPUT, message.bytes);
  const { type, ...rest } = message;
  return marked(type === 'from' ? FROM : END, json(rest));
}

function read<T>(schema: z.ZodType<T>, bytes: Uint8Array): T {
  try {
    return schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (error) {
    throw new AppError('bad-request', 'a message of this terminal has not its form', { cause: error });
  }
}

export const readBegin = (bytes: Uint8Array): TerminalBegin => read(TerminalBegin, bytes);

export function readToRelay(message: Uint8Array): ToRelay {
  const rest = message.subarray(1);
  if (message[0] === INPUT) return { type: 'input', bytes: rest };
  if (message[0] === RESIZE) return { type: 'resize', size: read(WindowSize, rest) };
  throw new AppError('bad-request', 'a message of this terminal is of no known kind');
}

export function readToClient(message: Uint8Array): ToClient {
  const rest = message.subarray(1);
  if (message[0] === OUTPUT) return { type: 'output', bytes: rest };
  if (message[0] === FROM) return { type: 'from', ...read(From, rest) };
  if (message[0] === END) return { type: 'end', ...read(End, rest) };
  throw new AppError('bad-request', 'a message of this terminal is of no known kind');
}
