// The accepting end of Kerberos that nobody of ours wrote: Debian's python3-gssapi in a process of its own.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { z } from 'zod';
import type { SealedMessage } from '#relay/transport/security-context.ts';
import type { KdcPeer } from './kdc.ts';

const Answer = z.strictObject({
  error: z.string().optional(),
  token: z.base64().optional(),
  user: z.string().nullable().optional(),
  signature: z.base64().optional(),
  data: z.base64().optional(),
  plain: z.base64().optional(),
  sealed: z.boolean().optional(),
});
type Answer = z.infer<typeof Answer>;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytes = (text: string | undefined): Buffer => Buffer.from(text ?? '', 'base64');

export class GssAcceptor {
  readonly #python: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;

  constructor(kdc: Pick<KdcPeer, 'configFile'>) {
    const script = path.join(import.meta.dirname, 'gss-acceptor.py');
    // No replay cache: it would lie in a folder that all tests share.
    const env = { ...process.env, KRB5_CONFIG: kdc.configFile, KRB5RCACHENAME: 'none:' };
    // It ends with us, also when we are killed.
    this.#python = spawn('setpriv', ['--pdeathsig', 'TERM', '--', '/usr/bin/python3', script], { env });
    this.#python.stdin.on('error', () => undefined); // its end is seen at its output
    this.#lines = createInterface(this.#python.stdout);
  }

  /** Forgets the last login and waits for another one. */
  async begin(keytab: string, binding?: Uint8Array): Promise<void> {
    await this.#ask({ verb: 'new', keytab, ...(binding === undefined ? {} : { binding: base64(binding) }) });
  }

  /** `user` once the client has proved itself. */
  async step(token: Uint8Array): Promise<{ token: Buffer; user: string | undefined }> {
    const answer = await this.#ask({ verb: 'step', token: base64(token) });
    return { token: bytes(answer.token), user: answer.user ?? undefined };
  }

  async wrap(plain: Uint8Array): Promise<SealedMessage> {
    const answer = await this.#ask({ verb: 'wrap', plain: base64(plain) });
    return { signature: bytes(answer.signature), data: bytes(answer.data) };
  }

  async unwrap({ signature, data }: SealedMessage): Promise<{ plain: Buffer; isSealed: boolean }> {
    const answer = await this.#ask({ verb: 'unwrap', signature: base64(signature), data: base64(data) });
    return { plain: bytes(answer.plain), isSealed: answer.sealed === true };
  }

  async stop(): Promise<void> {
    if (this.#python.exitCode !== null || this.#python.signalCode !== null) return;
    const ended = once(this.#python, 'exit');
    this.#python.kill('SIGTERM');
    await ended;
  }

  async #ask(question: Record<string, string>): Promise<Answer> {
    const gone = new AbortController();
    const onExit = () => gone.abort();
    this.#python.once('exit', onExit);
    const next = once(this.#lines, 'line', { signal: gone.signal });
    this.#python.stdin.write(`${JSON.stringify(question)}\n`);
    const [line] = await next.finally(() => this.#python.off('exit', onExit));
    const answer = Answer.parse(JSON.parse(String(line)));
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }
}
