// What runs in a shell of the fake host: a program sees its command line, its stdin and its two outputs, and ends with a code.

export type OutputStream = 'stdout' | 'stderr';

export interface ProgramIo {
  /** As given: the command and its arguments, joined by blanks. */
  commandLine: string;
  environment: ReadonlyMap<string, string>;
  /** Resolves when there is room; text is UTF-8. */
  write(stream: OutputStream, content: string | Uint8Array): Promise<void>;
  /** The next piece of stdin; undefined at its end. */
  read(): Promise<Buffer | undefined>;
  sleep(ms: number): Promise<void>;
  /** Aborted by Ctrl-C, by terminate and with the shell. */
  signal: AbortSignal;
}

/** The exit code; a program that is cut off rejects. */
export type Program = (io: ProgramIo) => Promise<number>;

export async function readAll(io: ProgramIo): Promise<string> {
  const parts: Buffer[] = [];
  for (let part = await io.read(); part !== undefined; part = await io.read()) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
