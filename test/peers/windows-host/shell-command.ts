// One command in a shell of the fake host: its output waits in a bounded queue until somebody receives it.
import type { Clock } from '#shared/base/clock.ts';
import type { OutputStream, Program, ProgramIo } from './program.ts';
import { FAULTS, WsmanFault } from './wsman-fault.ts';

interface Piece {
  stream: OutputStream;
  bytes: Buffer;
}

export interface Received {
  pieces: readonly Piece[];
  /** Present when the command has ended and all of its output is in `pieces` or was before. */
  exitCode: number | undefined;
}

/** A real host's pipe holds little more; a writer waits at this. */
const MAX_WAITING_BYTES = 256 * 1_024;
/** STATUS_CONTROL_C_EXIT. */
const CONTROL_C_EXIT = 0xc000013a;

/** What a waiting Receive is told when its command is terminated under it (ERROR_OPERATION_ABORTED). */
const aborted = () =>
  new WsmanFault({
    side: 'Receiver',
    subcode: 'w:InternalError',
    code: 995,
    reason: 'The I/O operation has been aborted because of either a thread exit or an application request.',
  });

export interface CommandDeps {
  id: string;
  commandLine: string;
  environment: ReadonlyMap<string, string>;
  program: Program;
  clock: Pick<Clock, 'sleep'>;
  /** A small piece of each answer, so that characters are split and streams interleave. */
  pieceBytes: number;
}

export class ShellCommand {
  readonly id: string;
  readonly #deps: CommandDeps;
  readonly #abort = new AbortController();
  readonly #stdin: Buffer[] = [];
  #isStdinOver = false;
  #pieces: Piece[] = [];
  #waitingBytes = 0;
  #exitCode: number | undefined;
  #isTerminated = false;
  /** Everybody who waits for something to change. */
  #wake: Array<() => void> = [];

  constructor(deps: CommandDeps) {
    this.id = deps.id;
    this.#deps = deps;
    void this.#run();
  }

  get isRunning(): boolean {
    return this.#exitCode === undefined;
  }

  send(bytes: Buffer, isEnd: boolean): void {
    if (bytes.length > 0) this.#stdin.push(bytes);
    this.#isStdinOver ||= isEnd;
    this.#changed();
  }

  /** Waits for output until the deadline; silence is a fault, after which the client asks again. */
  async receive(timeoutMs: number, maxBytes: number): Promise<Received> {
    const deadline = AbortSignal.timeout(timeoutMs);
    while (this.#pieces.length === 0 && this.#exitCode === undefined && !this.#isTerminated) {
      if (deadline.aborted) throw FAULTS.timedOut();
      await this.#change(deadline);
    }
    if (this.#isTerminated && this.#exitCode === undefined) throw aborted();
    const pieces = this.#takePieces(maxBytes);
    this.#changed();
    return { pieces, exitCode: this.#pieces.length === 0 ? this.#exitCode : undefined };
  }

  interrupt(): void {
    this.#abort.abort(new Error('Ctrl-C'));
  }

  terminate(): void {
    this.#isTerminated = true;
    this.#abort.abort(new Error('terminated'));
    this.#changed();
  }

  #takePieces(maxBytes: number): Piece[] {
    const taken: Piece[] = [];
    let bytes = 0;
    while (bytes < maxBytes) {
      const piece = this.#pieces.shift();
      if (piece === undefined) break;
      const room = Math.min(maxBytes - bytes, this.#deps.pieceBytes);
      taken.push({ ...piece, bytes: piece.bytes.subarray(0, room) });
      if (piece.bytes.length > room) this.#pieces.unshift({ ...piece, bytes: piece.bytes.subarray(room) });
      bytes += Math.min(room, piece.bytes.length);
    }
    this.#waitingBytes -= bytes;
    return taken;
  }

  async #run(): Promise<void> {
    const { program, commandLine, environment, clock } = this.#deps;
    const { signal } = this.#abort;
    const io: ProgramIo = {
      commandLine,
      environment,
      signal,
      sleep: (ms) => clock.sleep(ms, signal),
      read: () => this.#readStdin(),
      write: (stream, content) => this.#write(stream, Buffer.from(content)),
    };
    try {
      this.#exitCode = (await program(io)) >>> 0;
    } catch {
      this.#exitCode = signal.aborted ? CONTROL_C_EXIT : 1;
    }
    this.#changed();
  }

  async #write(stream: OutputStream, bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; at += MAX_WAITING_BYTES) {
      this.#abort.signal.throwIfAborted();
      while (this.#waitingBytes >= MAX_WAITING_BYTES) {
        await this.#change(this.#abort.signal);
        // Who was stopped while it waited would wait for ever: nobody takes what it wrote.
        this.#abort.signal.throwIfAborted();
      }
      const part = bytes.subarray(at, at + MAX_WAITING_BYTES);
      this.#pieces.push({ stream, bytes: part });
      this.#waitingBytes += part.length;
      this.#changed();
    }
  }

  async #readStdin(): Promise<Buffer | undefined> {
    for (;;) {
      this.#abort.signal.throwIfAborted();
      const part = this.#stdin.shift();
      if (part !== undefined) return part;
      if (this.#isStdinOver) return undefined;
      await this.#change(this.#abort.signal);
    }
  }

  /** Resolves at the next change, or when `until` aborts; whoever waits looks again. */
  #change(until: AbortSignal): Promise<void> {
    if (until.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        until.removeEventListener('abort', done);
        resolve();
      };
      until.addEventListener('abort', done, { once: true });
      this.#wake.push(done);
    });
  }

  #changed(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const one of wake) one();
  }
}
