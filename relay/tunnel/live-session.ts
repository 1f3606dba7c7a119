// One open session: who is attached, who tries to be, and the bounds at which it ends.
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import type { SessionArguments } from '#shared/model/session.ts';
import type { StreamEnd } from '#shared/protocol/stream.ts';
import type { OpeningKey } from '#shared/seal/vault-box.ts';
import { Attachment } from './attachment.ts';
import type { SessionEnd, SessionResult } from './session-end.ts';
import type { StreamLane } from './stream-lane.ts';

/** A train in a tunnel, a page that was reloaded; what runs goes on meanwhile. */
export const DETACHED_MS = 60_000;
/** Whoever says to be a client seals a message within this. */
const PROOF_MS = 10_000;
const TICK_MS = 1_000;

export interface LiveSessionDeps {
  clock: Clock;
  manifest: Manifest;
  args: SessionArguments;
  end: SessionEnd;
  own: OpeningKey;
  lane: StreamLane;
  /** An attachment is over: its number leads nowhere any more. */
  onGone: (attachment: Attachment) => void;
}

export class LiveSession {
  readonly #deps: LiveSessionDeps;
  readonly #over = new AbortController();
  #current: Attachment | undefined;
  #trying: { attachment: Attachment; since: number } | undefined;
  /** Of attachments that are over. */
  #past = { in: 0, out: 0 };
  #activeAt: number;
  #activeBytes = 0;
  #detachedAt: number;
  #attachments = 0;

  constructor(deps: LiveSessionDeps) {
    this.#deps = deps;
    this.#activeAt = deps.clock.monotonic();
    this.#detachedAt = this.#activeAt;
  }

  get bytes(): { in: number; out: number } {
    const now = this.#current?.bytes ?? { in: 0, out: 0 };
    return { in: this.#past.in + now.in, out: this.#past.out + now.out };
  }

  get attachments(): number {
    return this.#attachments;
  }

  /** Ends by itself, at a bound, or when the order is cancelled; never rejects. */
  async run(signal: AbortSignal): Promise<SessionResult> {
    const { end } = this.#deps;
    const watched = this.#watch(AbortSignal.any([signal, this.#over.signal])).then((why) =>
      why === undefined ? undefined : end.close(why),
    );
    const result = await end.over;
    this.#over.abort();
    await watched.catch(() => undefined); // how it ended is known
    for (const attachment of [this.#current, this.#trying?.attachment]) attachment?.close('ended');
    return result;
  }

  /** Somebody says to hold the key. Who is attached stays so until that one has proven it. */
  attach(stream: number): Attachment {
    const { manifest, args, own, lane, clock } = this.#deps;
    this.#trying?.attachment.close('replaced');
    const attachment: Attachment = new Attachment({
      ...{ stream, session: manifest.id, client: args.key, own, lane },
      onMessage: (plain) => this.#message(attachment, plain),
      onGone: () => this.#gone(attachment),
      onBroken: (error) => void this.#deps.end.close(`it broke: ${describeError(error).message}`.slice(0, 200)),
    });
    this.#trying = { attachment, since: clock.monotonic() };
    attachment.start();
    return attachment;
  }

  async #message(attachment: Attachment, plain: Uint8Array): Promise<void> {
    const { end, clock } = this.#deps;
    if (this.#trying?.attachment !== attachment) return end.received(plain, attachment);
    this.#trying = undefined;
    this.#drop('replaced');
    this.#current = attachment;
    this.#attachments += 1;
    this.#activeAt = clock.monotonic();
    await end.attached(attachment, plain);
  }

  #drop(reason: StreamEnd): void {
    const former = this.#current;
    if (former === undefined) return;
    former.close(reason);
    this.#settle(former);
  }

  #settle(former: Attachment): void {
    const { in: came, out } = former.bytes;
    this.#past = { in: this.#past.in + came, out: this.#past.out + out };
    this.#current = undefined;
    this.#detachedAt = this.#deps.clock.monotonic();
    this.#deps.end.detached();
    this.#deps.onGone(former);
  }

  #gone(attachment: Attachment): void {
    if (attachment === this.#current) {
      this.#settle(attachment);
      return;
    }
    if (attachment === this.#trying?.attachment) this.#trying = undefined;
    this.#deps.onGone(attachment);
  }

  /** Why it has to end by now; undefined when it ended otherwise. */
  async #watch(signal: AbortSignal): Promise<string | undefined> {
    const { clock, manifest } = this.#deps;
    const began = clock.monotonic();
    for (;;) {
      // Only the signal rejects a sleep.
      await clock.sleep(TICK_MS, signal).catch(() => undefined);
      if (this.#over.signal.aborted) return undefined;
      if (signal.aborted) return 'it was ended from outside';
      const now = clock.monotonic();
      if (this.#trying !== undefined && now - this.#trying.since > PROOF_MS) {
        this.#trying.attachment.close('left');
        this.#gone(this.#trying.attachment);
      }
      if (now - began > manifest.caps.timeoutMs) return 'its time is over';
      const why = this.#boundReached(now);
      if (why !== undefined) return why;
    }
  }

  #boundReached(now: number): string | undefined {
    const { args } = this.#deps;
    const { in: came, out } = this.bytes;
    if (came + out > args.maxBytes) return `it carried more than ${args.maxBytes} bytes`;
    if (came + out !== this.#activeBytes) {
      this.#activeBytes = came + out;
      this.#activeAt = now;
    }
    if (this.#current === undefined && now - this.#detachedAt > DETACHED_MS)
      return this.#attachments === 0 ? 'nobody came' : 'nobody came back';
    return now - this.#activeAt > args.idleMs ? 'it was idle' : undefined;
  }
}
