// A terminal session at this machine's own terminal: keys raw to the relay, output as it comes, and back again after a cut.
import { AppError, describeError } from '#shared/base/errors.ts';
import { readToClient, type ToClient, writeBegin, writeToRelay } from '#shared/model/terminal-message.ts';
import { type AttachedSession, finalEnd, type OpenSession } from '#shared/seal/attached-session.ts';
import { MAX_PLAIN_BYTES } from '#shared/seal/session-channel.ts';
import type { CommandContext } from './command-context.ts';
import { endText } from './end-text.ts';
import { attachSession } from './open-session.ts';

/** As long as the relay keeps the shell. */
const COME_BACK_MS = 60_000;
const TRY_EVERY_MS = 500;
/** Keys before the shell stands. */
const MAX_EARLY = 1_000;

export interface Terminal {
  stdin: NodeJS.ReadableStream & { isTTY?: boolean; setRawMode?: (mode: boolean) => unknown };
  stdout: NodeJS.WritableStream & { columns?: number; rows?: number };
  stderr: { write(text: string): unknown };
}

export interface TerminalEnd {
  detail: string;
  exitCode?: number | undefined;
}

/** Resolves when the session is over; the terminal is as it was before. */
export async function runTerminal(
  context: Pick<CommandContext, 'api' | 'console' | 'clock'>,
  session: OpenSession,
  terminal: Terminal,
): Promise<TerminalEnd> {
  const { stdin, stdout } = terminal;
  const run = new TerminalRun(context, session, terminal);
  const onData = (bytes: Buffer) => run.typed(bytes);
  const onResize = () => run.resized();
  const onEnd = () => run.typed(Buffer.of(4)); // Ctrl-D: a shell whose input ended ends
  stdin.setRawMode?.(true);
  stdin.on('data', onData);
  stdin.on('end', onEnd);
  stdin.resume();
  stdout.on('resize', onResize);
  try {
    return await run.finish();
  } finally {
    stdin.setRawMode?.(false);
    stdin.off('data', onData);
    stdin.off('end', onEnd);
    stdin.pause();
    stdout.off('resize', onResize);
  }
}

class TerminalRun {
  readonly #context: Pick<CommandContext, 'api' | 'console' | 'clock'>;
  readonly #session: OpenSession;
  readonly #terminal: Terminal;
  readonly #keys = new EscapeKeys();
  #attached: AttachedSession | undefined;
  #have = 0;
  #end: TerminalEnd | undefined;
  #isLeft = false;
  #hasStood: boolean = false;
  #early: Buffer[] = [];

  constructor(context: Pick<CommandContext, 'api' | 'console' | 'clock'>, session: OpenSession, terminal: Terminal) {
    this.#context = context;
    this.#session = session;
    this.#terminal = terminal;
  }

  typed(bytes: Buffer): void {
    if (this.#terminal.stdin.isTTY === true && this.#keys.isLeaving(bytes)) {
      this.#isLeft = true;
      this.#attached?.close();
      return;
    }
    // Before the shell stands keys wait for it, as they do for any program; in a cut they are lost, and it is said.
    if (!this.#hasStood && this.#early.length < MAX_EARLY) this.#early.push(bytes);
    else this.#send(bytes);
  }

  #send(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += MAX_PLAIN_BYTES / 2)
      void this.#attached?.send(writeToRelay({ type: 'input', bytes: bytes.subarray(at, at + MAX_PLAIN_BYTES / 2) }));
  }

  resized(): void {
    void this.#attached?.send(writeToRelay({ type: 'resize', size: this.#size }));
  }

  async finish(): Promise<TerminalEnd> {
    const { clock } = this.#context;
    let lostAt: number | undefined;
    for (;;) {
      const why = await this.#once(() => {
        lostAt = undefined;
      });
      if (this.#end !== undefined) return this.#end;
      if (this.#isLeft) return { detail: 'you left; the session ends in a minute' };
      const end = finalEnd(why);
      if (end !== undefined) return { detail: endText(end) };
      if (lostAt === undefined) this.#terminal.stderr.write('\r\n[the line is cut; trying again]\r\n');
      lostAt ??= clock.monotonic();
      if (clock.monotonic() - lostAt > COME_BACK_MS) return { detail: 'the line did not come back within a minute' };
      await clock.sleep(TRY_EVERY_MS);
    }
  }

  get #size(): { cols: number; rows: number } {
    const { columns = 80, rows = 24 } = this.#terminal.stdout;
    return { cols: columns, rows };
  }

  /** One attachment, to its end. */
  async #once(onStanding: () => void): Promise<string> {
    try {
      this.#attached = await attachSession(this.#context, this.#session, {
        begin: writeBegin({ have: this.#have, ...this.#size }),
        onMessage: (plain) => this.#take(readToClient(plain), onStanding),
      });
      this.#hasStood = true;
      for (const bytes of this.#early.splice(0)) this.#send(bytes);
      return await this.#attached.ended;
    } catch (error) {
      const { code } = describeError(error);
      if (code === 'signature-invalid' || code === 'bad-request') throw error;
      // The console is away, or says that there is no such session (any more).
      return code === 'not-found' || code === 'conflict' ? 'unknown' : '';
    } finally {
      this.#attached = undefined;
    }
  }

  async #take(message: ToClient, onStanding: () => void): Promise<void> {
    switch (message.type) {
      case 'from':
        onStanding();
        if (message.from > this.#have) this.#terminal.stderr.write('\r\n[some output is lost]\r\n');
        this.#have = message.from;
        break;
      case 'output':
        this.#have += message.bytes.length;
        await written(this.#terminal.stdout, message.bytes);
        break;
      case 'end':
        this.#end = { detail: message.detail, exitCode: message.exitCode };
        break;
    }
  }
}

/** Waits where the terminal is slower than the device: the device then waits too. */
function written(stdout: NodeJS.WritableStream, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stdout.write(bytes, (error) =>
      error
        ? reject(new AppError('unavailable', 'the output of this terminal is closed', { cause: error }))
        : resolve(),
    );
  });
}

/** Enter, tilde, dot: what ssh knows too. */
class EscapeKeys {
  #state: 'line' | 'tilde' | 'text' = 'line';

  isLeaving(bytes: Uint8Array): boolean {
    for (const byte of bytes) {
      if (this.#state === 'tilde' && byte === 0x2e) return true;
      if (byte === 0x0d || byte === 0x0a) this.#state = 'line';
      else this.#state = this.#state === 'line' && byte === 0x7e ? 'tilde' : 'text';
    }
    return false;
  }
}
