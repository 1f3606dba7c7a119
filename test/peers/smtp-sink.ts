// A mail server that nobody of ours wrote: takes each mail, reads it by another language's parser, and refuses or dawdles when told.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { systemClock } from '#shared/base/clock.ts';

export const SinkMail = z.strictObject({
  /** Wall time at which its last byte was there, before it was answered for. */
  at: z.number(),
  from: z.string(),
  to: z.array(z.string()),
  isTls: z.boolean(),
  /** Who logged in. */
  user: z.string().nullable(),
  /** Lower-case names; each value of a header that came more than once. */
  headers: z.record(z.string(), z.array(z.string())),
  text: z.string().nullable(),
  html: z.string().nullable(),
  /** What the parser found wrong. */
  defects: z.array(z.string()),
  /** Base64 of what was sent. */
  source: z.string(),
});
export type SinkMail = z.infer<typeof SinkMail>;

const Said = z.union([
  z.strictObject({ port: z.int() }),
  z.strictObject({ mail: SinkMail }),
  z.strictObject({ refused: z.string(), to: z.array(z.string()) }),
  z.strictObject({ planned: z.int() }),
]);

export interface SinkOptions {
  /** `tls` from the first byte; `starttls` is demanded. */
  security?: 'none' | 'starttls' | 'tls';
  /** PEM files, for both kinds of TLS. */
  certFile?: string;
  keyFile?: string;
  /** Demanded where it is given. */
  login?: { user: string; password: string };
  /** 0: any free one. */
  port?: number;
}

/** What the next mails get instead of "250". */
export interface SinkTrouble {
  /** As "451 4.3.0 try later"; empty: only slow. */
  reply: string;
  /** So many mails; -1: all until something else is said. */
  times: number;
  waitMs?: number;
}

const byDefault = { security: 'none', port: 0 } as const;

export class SmtpSink {
  readonly port: number;
  /** In the order in which they were taken. */
  readonly mails: SinkMail[] = [];
  /** Replies that refused a mail. */
  readonly refused: string[] = [];
  readonly #python: ChildProcessWithoutNullStreams;
  #onPlanned: (() => void) | undefined;

  constructor(python: ChildProcessWithoutNullStreams, port: number) {
    this.#python = python;
    this.port = port;
  }

  take(line: string): void {
    const said = Said.parse(JSON.parse(line));
    if ('mail' in said) this.mails.push(said.mail);
    else if ('refused' in said) this.refused.push(said.refused);
    else this.#onPlanned?.();
  }

  /** Resolves when the next mail meets it. */
  async plan({ reply, times, waitMs = 0 }: SinkTrouble): Promise<void> {
    const planned = new Promise<void>((resolve) => {
      this.#onPlanned = resolve;
    });
    this.#python.stdin.write(`${JSON.stringify({ reply, times, waitMs })}\n`);
    await planned;
  }

  to(address: string): SinkMail[] {
    return this.mails.filter((mail) => mail.to.includes(address));
  }

  /** Resolves when so many mails have come, or when the patience is over; the caller counts. */
  async until(count: number, patienceMs: number, mails: () => readonly SinkMail[] = () => this.mails): Promise<void> {
    const deadline = systemClock.monotonic() + patienceMs;
    // 50 ms: what is waited for takes seconds.
    while (mails().length < count && systemClock.monotonic() < deadline) await systemClock.sleep(50);
  }

  async stop(): Promise<void> {
    if (this.#python.exitCode !== null || this.#python.signalCode !== null) return;
    const ended = once(this.#python, 'exit');
    this.#python.kill('SIGTERM');
    await ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** Starts one; takes about a third of a second. It ends with us, also when we are killed. */
export async function startSmtpSink(options: SinkOptions = {}): Promise<SmtpSink> {
  const script = path.join(import.meta.dirname, 'smtp-sink.py');
  const said = JSON.stringify({ ...byDefault, ...options });
  const python = spawn('setpriv', ['--pdeathsig', 'TERM', '--', '/usr/bin/python3', script, said]);
  let complaint = '';
  python.stderr.on('data', (bytes: Buffer) => {
    complaint = (complaint + bytes.toString()).slice(-4_000);
  });
  python.stdin.on('error', () => undefined); // its end is seen at its output
  const lines = createInterface(python.stdout);
  const [line] = await Promise.race([
    once(lines, 'line'),
    once(python, 'exit').then(() => Promise.reject(new Error(`no mail server: ${complaint}`))),
  ]);
  const { port } = z.strictObject({ port: z.int() }).parse(JSON.parse(String(line)));
  const sink = new SmtpSink(python, port);
  lines.on('line', (next) => sink.take(next));
  return sink;
}
