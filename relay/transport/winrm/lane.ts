// A lane to one machine: its own connection, opened when it is first needed, one request at a time, closed when nobody used it for a while.

import { OVER, startDeadline } from '#relay/transport/deadline.ts';
import { PermitGate, type Release } from '#relay/transport/permit-gate.ts';
import type { Clock } from '#shared/base/clock.ts';
import { type Failure, fail, type Outcome } from '#shared/base/outcome.ts';
import type { PostOptions, WsmanConnection, WsmanReply } from './wsman-connection.ts';

export interface LaneDeps {
  /** A connection that logs in with its first request. */
  connect: () => WsmanConnection;
  clock: Clock;
  /** Names the device in messages. */
  name: string;
}

// 32: all collectors of a device at once, three times over; more waiting means that the machine does not answer.
const MAX_WAITING = 32;

export class Lane {
  readonly #deps: LaneDeps;
  readonly #idleMs: number;
  readonly #gate: PermitGate;
  #connection: WsmanConnection | undefined;
  /** Ends the watch over a connection that nobody uses; absent while there is none. */
  #idle: AbortController | undefined;
  #isBusy = false;
  #usedAt = 0;
  #formerLogins = 0;
  #isClosed = false;
  /** What every later request is told. */
  #end: Failure | undefined;

  constructor(deps: LaneDeps, idleMs: number) {
    this.#deps = deps;
    this.#idleMs = idleMs;
    this.#gate = new PermitGate({ name: `requests to ${deps.name}`, limit: 1, maxWaiting: MAX_WAITING });
  }

  get logins(): number {
    return this.#formerLogins + (this.#connection?.logins ?? 0);
  }

  /** Waiting for the turn counts as waiting for the answer. */
  async post(body: string, options: PostOptions, signal: AbortSignal): Promise<Outcome<WsmanReply>> {
    const { name } = this.#deps;
    if (signal.aborted) return fail('cancelled', `${name}: stopped by us`);
    // Most of the time nobody is before us, and a deadline of our own would cost more than the rest of this.
    const free = this.#gate.tryEnter();
    return free === undefined
      ? await this.#postInTurn(body, options, signal)
      : await this.#postNow(free, body, options, signal);
  }

  async #postInTurn(body: string, options: PostOptions, signal: AbortSignal): Promise<Outcome<WsmanReply>> {
    const { clock, name } = this.#deps;
    const until = clock.monotonic() + options.timeoutMs;
    using deadline = startDeadline(clock, options.timeoutMs, signal);
    const entered = await this.#gate.enter(deadline.signal, () =>
      deadline.isExpired
        ? fail('timed-out', `${name}: another request took all the time`)
        : fail('cancelled', `${name}: stopped by us`),
    );
    if (!entered.ok) return entered;
    const timeoutMs = Math.max(1, Math.floor(until - clock.monotonic()));
    return await this.#postNow(entered.value, body, { ...options, timeoutMs }, signal);
  }

  async #postNow(
    leave: Release,
    body: string,
    options: PostOptions,
    signal: AbortSignal,
  ): Promise<Outcome<WsmanReply>> {
    this.#isBusy = true;
    try {
      if (this.#isClosed) return this.#end ?? fail('cancelled', `${this.#deps.name}: the session is closed`);
      return await this.#open().post(body, options, signal);
    } finally {
      this.#isBusy = false;
      leave();
      this.#usedAt = this.#deps.clock.monotonic();
      this.#closeWhenIdle();
    }
  }

  close(why?: Failure): void {
    this.#isClosed = true;
    this.#end ??= why;
    this.#drop();
  }

  #open(): WsmanConnection {
    if (this.#connection?.isOpen === true) return this.#connection;
    this.#drop();
    this.#connection = this.#deps.connect();
    return this.#connection;
  }

  #drop(): void {
    this.#idle?.abort(OVER);
    this.#idle = undefined;
    this.#formerLogins = this.logins;
    this.#connection?.close();
    this.#connection = undefined;
  }

  /** One watch for the life of a connection, not one for each request. */
  #closeWhenIdle(): void {
    if (this.#isClosed || this.#idle !== undefined) return;
    this.#idle = new AbortController();
    this.#untilIdle(this.#idle.signal).then(
      () => this.#drop(),
      () => undefined, // dropped, or closed
    );
  }

  async #untilIdle(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    for (;;) {
      const leftMs = this.#isBusy ? this.#idleMs : this.#usedAt + this.#idleMs - clock.monotonic();
      if (leftMs <= 0) return;
      await clock.sleep(leftMs, signal);
    }
  }
}
