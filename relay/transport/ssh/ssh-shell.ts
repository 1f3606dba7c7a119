// A login shell with a terminal of its own over one channel of an SSH connection.
import type { Client, ClientChannel } from 'ssh2';
import type { DeviceShell, ShellRequest } from '#relay/transport/device-shell.ts';
import { printable } from '#relay/transport/script-output.ts';
import type { RunEnd } from '#relay/transport/transport.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { WindowSize } from '#shared/model/session.ts';

/** Known by every terminfo of the last twenty years, and what xterm.js is. */
const TERM = 'xterm-256color';

export class SshShell implements DeviceShell {
  readonly hasTty = true;
  readonly #channel: ClientChannel;
  readonly #name: string;
  readonly #closed: Promise<void>;
  #end: RunEnd = { kind: 'no-status' };

  constructor(name: string, channel: ClientChannel, onClose: () => void) {
    this.#name = name;
    this.#channel = channel;
    channel.on('error', () => undefined); // a write to a closed channel; its close tells
    channel.on('exit', (code: number | null, signal?: string) => {
      this.#end =
        code === null ? { kind: 'signal', signal: printable(signal ?? 'unknown', 32) } : { kind: 'exit', code };
    });
    this.#closed = new Promise((resolve) => {
      channel.once('close', () => {
        onClose();
        resolve();
      });
    });
    // A terminal has one output; what comes here all the same is dropped, and fills no window.
    channel.stderr.resume();
  }

  write(bytes: Uint8Array): Promise<Outcome<void>> {
    return new Promise((resolve) => {
      if (!this.#channel.writable) return resolve(fail('lost', `${this.#name}: the shell has ended`));
      const onClose = () => resolve(fail('lost', `${this.#name}: the shell has ended`));
      this.#channel.once('close', onClose);
      this.#channel.write(bytes, () => {
        this.#channel.off('close', onClose);
        resolve(succeed(undefined));
      });
    });
  }

  resize({ cols, rows }: WindowSize): void {
    // Pixels are nobody's business; 0 says so.
    if (this.#channel.writable) this.#channel.setWindow(rows, cols, 0, 0);
  }

  async *output(): AsyncGenerator<Uint8Array, RunEnd> {
    try {
      for await (const chunk of this.#channel) if (Buffer.isBuffer(chunk)) yield chunk;
    } catch {
      // The connection broke in the middle: the end says that there is no status.
    }
    // The status comes behind the end of the output, and the close behind both, a lost connection's too.
    await this.#closed;
    return this.#end;
  }

  close(): void {
    // ssh2 tells the close only once everything is read: what still comes is dropped.
    this.#channel.resume();
    this.#channel.close();
  }
}

/** `onClose` is called once, when nothing of it is left. */
export function openSshShell(
  client: Client,
  name: string,
  { cols, rows }: ShellRequest,
  onClose: () => void,
): Promise<Outcome<DeviceShell>> {
  return new Promise((resolve) => {
    const refuse = (said: string) => {
      onClose();
      resolve(fail('refused', `${name}: no terminal: ${printable(said)}`));
    };
    try {
      client.shell({ term: TERM, cols, rows, width: 0, height: 0 }, (error, channel) => {
        if (channel === undefined) refuse(error?.message ?? 'no reason given');
        else resolve(succeed(new SshShell(name, channel, onClose)));
      });
    } catch (error) {
      // The connection is already gone.
      refuse(error instanceof Error ? error.message : 'the connection is closed');
    }
  });
}
