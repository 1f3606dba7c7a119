// The line between a terminal in this page and its shell: keys out, output in, and back again after a cut.

import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { WindowSize } from '#shared/model/session.ts';
import { readToClient, type ToClient, writeBegin, writeToRelay } from '#shared/model/terminal-message.ts';
import { type AttachedSession, type AttachOptions, type FinalEnd, finalEnd } from '#shared/seal/attached-session.ts';
import { MAX_PLAIN_BYTES } from '#shared/seal/session-channel.ts';

/** As long as the relay keeps the shell. */
const COME_BACK_MS = 60_000;
const TRY_EVERY_MS = 500;
/** Keys before the shell stands: a line that somebody types ahead. */
const MAX_EARLY = 1_000;
/** Of one message to the relay. */
const PIECE_BYTES = MAX_PLAIN_BYTES / 2;

export type LineEnd =
  /** The shell's own, in the relay's words. */
  { why: 'shell'; detail: string; exitCode: number | undefined } | { why: FinalEnd | 'lost' | 'forbidden' };

export type LineState = { at: 'attaching' | 'live' | 'cut' } | { at: 'over'; end: LineEnd };

export interface TerminalLineDeps {
  clock: Clock;
  /** One attachment; rejects where there is none to be had. */
  attach: (options: AttachOptions) => Promise<AttachedSession>;
  /** What the console's refusal means: `undefined` for one that may pass. */
  refusal: (error: unknown) => 'unknown' | 'forbidden' | undefined;
  size: () => WindowSize;
  /** Awaited: a page that shows slowly is sent to slowly. */
  onOutput: (bytes: Uint8Array) => void | Promise<void>;
  /** Output that nobody kept: what is on the screen has a gap. */
  onGap: () => void;
  onState: (state: LineState) => void;
}

export class TerminalLine {
  readonly #deps: TerminalLineDeps;
  #attached: AttachedSession | undefined;
  #have = 0;
  #said: LineEnd | undefined;
  #hasStood: boolean = false;
  #early: Uint8Array[] = [];

  constructor(deps: TerminalLineDeps) {
    this.#deps = deps;
  }

  /** Before the shell stands keys wait for it; in a cut they are lost, and the page says that it is cut. */
  type(bytes: Uint8Array): void {
    if (!this.#hasStood && this.#early.length < MAX_EARLY) this.#early.push(bytes);
    else this.#send(bytes);
  }

  resize(size: WindowSize): void {
    void this.#attached?.send(writeToRelay({ type: 'resize', size }));
  }

  /** Resolves when it is over, or when the signal says that nobody looks any more; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const leave = () => this.#attached?.close();
    signal.addEventListener('abort', leave);
    try {
      const end = await this.#untilOver(signal);
      if (!signal.aborted) this.#deps.onState({ at: 'over', end });
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  async #untilOver(signal: AbortSignal): Promise<LineEnd> {
    const { clock, onState } = this.#deps;
    onState({ at: 'attaching' });
    let lostAt: number | undefined;
    for (;;) {
      const why = await this.#once(signal, () => {
        lostAt = undefined;
        onState({ at: 'live' });
      });
      if (this.#said !== undefined) return this.#said;
      if (why !== undefined) return { why };
      if (signal.aborted) return { why: 'lost' };
      if (lostAt === undefined) onState({ at: 'cut' });
      lostAt ??= clock.monotonic();
      if (clock.monotonic() - lostAt > COME_BACK_MS) return { why: 'lost' };
      // Only the signal rejects a sleep.
      await clock.sleep(TRY_EVERY_MS, signal).catch(() => undefined);
    }
  }

  /** One attachment to its end: why there is no other, or undefined. */
  async #once(signal: AbortSignal, onStanding: () => void): Promise<FinalEnd | 'forbidden' | undefined> {
    try {
      this.#attached = await this.#deps.attach({
        begin: writeBegin({ have: this.#have, ...this.#deps.size() }),
        onMessage: (plain) => this.#take(readToClient(plain), onStanding),
      });
      if (signal.aborted) this.#attached.close();
      this.#hasStood = true;
      for (const bytes of this.#early.splice(0)) this.#send(bytes);
      return finalEnd(await this.#attached.ended);
    } catch (error) {
      // What answered was not the relay, or does not speak as one.
      if (error instanceof AppError) return 'forged';
      return this.#deps.refusal(error);
    } finally {
      this.#attached = undefined;
    }
  }

  #send(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES)
      void this.#attached?.send(writeToRelay({ type: 'input', bytes: bytes.subarray(at, at + PIECE_BYTES) }));
  }

  async #take(message: ToClient, onStanding: () => void): Promise<void> {
    switch (message.type) {
      case 'from':
        if (message.from > this.#have) this.#deps.onGap();
        this.#have = message.from;
        onStanding();
        break;
      case 'output':
        this.#have += message.bytes.length;
        await this.#deps.onOutput(message.bytes);
        break;
      case 'end':
        this.#said = { why: 'shell', detail: message.detail, exitCode: message.exitCode };
        break;
    }
  }
}
