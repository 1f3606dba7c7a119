// A terminal: a shell on the device that outlives its client for a minute, recorded, and read no faster than the client reads.
import type { DeviceShell } from '#relay/transport/device-shell.ts';
import type { RunEnd } from '#relay/transport/transport.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { readBegin, readToRelay, writeToClient } from '#shared/model/terminal-message.ts';
import { MAX_PLAIN_BYTES } from '#shared/seal/session-channel.ts';
import { OutputTail, TAIL_BYTES } from './output-tail.ts';
import { Recording } from './recording.ts';
import type { SessionEnd, SessionKindOpener, SessionPeer, SessionRequest, SessionResult } from './session-end.ts';

/** Of one message, its first byte aside: a key press behind it waits for little. */
const PIECE_BYTES = MAX_PLAIN_BYTES / 2;
/** How long the last words wait for a client that does not read. */
const LAST_WORDS_MS = 2_000;

interface TerminalDeps {
  clock: Clock;
  /** Where recordings lie. */
  folder: string;
}

export class TerminalOpener implements SessionKindOpener<'terminal'> {
  readonly #deps: TerminalDeps;

  constructor(deps: TerminalDeps) {
    this.#deps = deps;
  }

  async open({ manifest, entry, args, device, signal }: SessionRequest<'terminal'>): Promise<Outcome<SessionEnd>> {
    const { clock, folder } = this.#deps;
    if (device.openShell === undefined)
      return fail(
        'unsupported',
        `${entry.name}: no terminal over ${entry.transport}; a device of ssh or winrm has one`,
      );
    const { cols, rows, shell: program } = args;
    // Before the shell: what cannot be recorded is not opened.
    const recording = await Recording.begin({ folder, name: manifest.id, clock, size: { cols, rows } });
    const shell = await device.openShell({ cols, rows, program }, signal);
    if (shell.ok) return succeed(new Terminal({ clock, shell: shell.value, recording }));
    await recording.end();
    return shell;
  }
}

interface Attached {
  peer: SessionPeer;
  /** The place of its next byte. */
  at: number;
}

export class Terminal implements SessionEnd {
  readonly over: Promise<SessionResult>;
  readonly #shell: DeviceShell;
  readonly #clock: Clock;
  readonly #recording: Recording;
  readonly #tail = new OutputTail();
  #attached: Attached | undefined;
  #flushing: Promise<void> | undefined;
  #why: string | undefined;

  constructor({ clock, shell, recording }: { clock: Clock; shell: DeviceShell; recording: Recording }) {
    this.#clock = clock;
    this.#shell = shell;
    this.#recording = recording;
    this.over = this.#run();
  }

  async attached(peer: SessionPeer, first: Uint8Array): Promise<void> {
    const { have, cols, rows } = readBegin(first);
    this.#resize({ cols, rows });
    const at = Math.min(Math.max(have, this.#tail.start), this.#tail.end);
    await peer.send(writeToClient({ type: 'from', from: at, hasTty: this.#shell.hasTty }));
    this.#attached = { peer, at };
    // Nobody waits for it: what the client says next may be the key that stops a flood.
    void this.#flush();
  }

  async received(plain: Uint8Array): Promise<void> {
    const message = readToRelay(plain);
    if (message.type === 'resize') this.#resize(message.size);
    // A shell that has ended tells so by its output's end.
    else await this.#shell.write(message.bytes);
  }

  detached(): void {
    this.#attached = undefined;
  }

  async close(why: string): Promise<void> {
    this.#why ??= why;
    this.#shell.close();
    await this.over;
  }

  #resize(size: { cols: number; rows: number }): void {
    this.#shell.resize(size);
    this.#recording.resize(size);
  }

  /** Reads the shell to its end; while a client is there no faster than that one takes it. */
  async #run(): Promise<SessionResult> {
    const result = await this.#read().catch(
      (error: unknown): SessionResult => ({ detail: `it broke: ${describeError(error).message}`, isFailure: true }),
    );
    this.#shell.close();
    const detail = `${this.#why ?? result.detail}; ${await this.#recorded()}`.slice(0, 900);
    await this.#say(result);
    return { ...result, detail };
  }

  async #read(): Promise<SessionResult> {
    const output = this.#shell.output();
    for (;;) {
      const next = await output.next();
      if (next.done === true) return resultOf(next.value);
      // In pieces that the tail holds: what a client waits for is never pushed out by what follows.
      for (let at = 0; at < next.value.length; at += TAIL_BYTES / 2) {
        const piece = next.value.subarray(at, at + TAIL_BYTES / 2);
        await this.#recording.output(piece);
        this.#tail.push(piece);
        await this.#flush();
      }
    }
  }

  /** Sends what the client has not; one at a time. */
  async #flush(): Promise<void> {
    while (this.#waiting() !== undefined) {
      this.#flushing ??= this.#flushNow().finally(() => {
        this.#flushing = undefined;
      });
      await this.#flushing;
    }
  }

  /** The client, while there is something for it. */
  #waiting(): Attached | undefined {
    const to = this.#attached;
    return to === undefined || to.peer.isGone || to.at >= this.#tail.end ? undefined : to;
  }

  async #flushNow(): Promise<void> {
    for (let to = this.#waiting(); to !== undefined; to = this.#waiting()) {
      const bytes = this.#tail.read(to.at, PIECE_BYTES);
      to.at = Math.max(to.at, this.#tail.start) + bytes.length;
      await to.peer.send(writeToClient({ type: 'output', bytes }));
    }
  }

  async #say({ detail, exitCode }: SessionResult): Promise<void> {
    const peer = this.#attached?.peer;
    if (peer === undefined) return;
    const said = { detail: this.#why ?? detail, ...(exitCode === undefined ? {} : { exitCode }) };
    const done = new AbortController();
    const late = this.#clock.sleep(LAST_WORDS_MS, done.signal).catch(() => undefined); // said in time
    await Promise.race([this.#flush().then(() => peer.send(writeToClient({ type: 'end', ...said }))), late]);
    done.abort();
  }

  async #recorded(): Promise<string> {
    try {
      const { sha256, bytes, isCut } = await this.#recording.end();
      return `recording of ${bytes} bytes${isCut ? ', cut at its bound' : ''}, sha256 ${sha256}`;
    } catch (error) {
      return `the recording failed: ${describeError(error).message}`;
    }
  }
}

function resultOf(end: RunEnd): SessionResult {
  switch (end.kind) {
    case 'exit':
      return { detail: 'the shell ended', exitCode: end.code };
    case 'signal':
      return { detail: `the shell was ended by ${end.signal}` };
    case 'no-status':
      return { detail: 'the shell ended without a status: the connection to the device may be lost' };
  }
}
