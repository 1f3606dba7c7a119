// One authenticated HTTP connection to the WS-Management service of a machine: what sockets, logins and their loss cost ends here.
import type { Verdict } from '#relay/transport/credential-breaker.ts';
import { startDeadline } from '#relay/transport/deadline.ts';
import type { ChannelBinding, SecurityContext } from '#relay/transport/security-context.ts';
import type { Clock } from '#shared/base/clock.ts';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { type FirstAnswer, WsmanLink } from './wsman-link.ts';
import { connectWsman, type WsmanTarget } from './wsman-socket.ts';

export interface WsmanReply {
  /** 200, or 500 with a SOAP fault in the body. */
  status: number;
  /** SOAP text, opened when it came sealed. */
  body: string;
}

export interface PostOptions {
  timeoutMs: number;
  /** False for what must never happen twice (Command, Send): then a lost answer is `lost`, and nothing is sent again. */
  isRepeatable: boolean;
}

export interface WsmanConnection {
  /**
   * One request after the other; a second one while the first runs is `refused`. The first one connects and logs in.
   * `denied`: the login was not accepted. `refused`: the service answered and declined. After `denied`, `timed-out`,
   * `cancelled`, `malformed` or `too-large` the connection is not open any more.
   */
  post(body: string, options: PostOptions, signal: AbortSignal): Promise<Outcome<WsmanReply>>;
  /** False once it can never be used again; a peer that closed an idle connection does not end it. */
  readonly isOpen: boolean;
  /** How often it logged in: more than once when the peer closed an idle connection. */
  readonly logins: number;
  close(): void;
}

export interface WsmanSecurity {
  /** A fresh context for one login, bounded by itself; a failure says why there may be none now. `onVerdict` follows once for each. */
  newContext(binding: ChannelBinding | undefined, signal: AbortSignal): Promise<Outcome<SecurityContext>>;
  /** Leave to send what proves the login, asked once for each context; waiting is bounded there. Absent: always. */
  mayProve?(signal: AbortSignal): Promise<Failure | undefined>;
  /** Judges the certificate by its key ("SHA256:..." over its SubjectPublicKeyInfo) before anything else is sent. */
  onCertificate(fingerprint: string): Failure | undefined;
  /** What came of a login, for the credential's breaker. */
  onVerdict?(verdict: Verdict): void;
}

export interface WsmanDeps {
  clock: Clock;
  /** To connect, TLS included. */
  connectMs: number;
  /** For each message of a login. */
  loginMs: number;
}

interface Ask extends PostOptions {
  body: string;
  signal: AbortSignal;
}

// After these the peer and we may be out of step, or must not go on: nothing is tried again.
const FINAL: ReadonlySet<string> = new Set(['denied', 'timed-out', 'cancelled', 'malformed', 'too-large']);

class Lane implements WsmanConnection {
  readonly #target: WsmanTarget;
  readonly #security: WsmanSecurity;
  readonly #deps: WsmanDeps;
  #link: WsmanLink | undefined;
  #isOpen = true;
  #isBusy = false;
  #logins = 0;
  /** Turned off for good when the host left a body unread that came with the login. */
  #bodyWithLogin = true;

  constructor(target: WsmanTarget, security: WsmanSecurity, deps: WsmanDeps) {
    this.#target = target;
    this.#security = security;
    this.#deps = deps;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get logins(): number {
    return this.#logins;
  }

  async post(body: string, options: PostOptions, signal: AbortSignal): Promise<Outcome<WsmanReply>> {
    const { name } = this.#target;
    if (!this.#isOpen) return fail('lost', `${name}: the connection is over`);
    if (this.#isBusy) return fail('refused', `${name}: a request is under way on this connection`);
    this.#isBusy = true;
    try {
      const reply = await this.#ask({ ...options, body, signal });
      if (!reply.ok) this.#drop();
      if (!reply.ok && FINAL.has(reply.reason)) this.#isOpen = false;
      return reply;
    } catch (error) {
      // A fault of ours leaves neither a socket behind nor leave to try a login.
      this.close();
      throw error;
    } finally {
      this.#isBusy = false;
    }
  }

  close(): void {
    this.#isOpen = false;
    this.#drop();
  }

  #drop(): void {
    this.#link?.end();
    this.#link = undefined;
  }

  async #ask(ask: Ask): Promise<Outcome<WsmanReply>> {
    if (this.#link?.isAlive !== true) return await this.#askAnew(ask);
    const reply = await this.#postOn(this.#link, ask);
    if (reply.ok || (reply.reason !== 'lost' && reply.reason !== 'denied')) return reply;
    // Hosts end idle connections and age logins: what may be repeated is asked once more with a new login.
    if (ask.isRepeatable && this.#isOpen) return await this.#askAnew(ask);
    return fail('lost', `${reply.detail}; whether the host acted on it is not known`);
  }

  async #postOn(link: WsmanLink, { body, timeoutMs, signal }: Ask): Promise<Outcome<WsmanReply>> {
    using deadline = startDeadline(this.#deps.clock, timeoutMs, signal);
    const reply = await link.post(body, deadline.signal);
    return deadline.isExpired ? this.#late(timeoutMs) : reply;
  }

  #late(timeoutMs: number): Failure {
    return fail('timed-out', `${this.#target.name}: no answer within ${timeoutMs} ms`);
  }

  /** A new socket and a new login, and the request through them. */
  async #askAnew(ask: Ask): Promise<Outcome<WsmanReply>> {
    // What must not happen twice never rides on a login: its answer would not say whether both were taken.
    const rides = ask.isRepeatable && this.#bodyWithLogin;
    const first = await this.#logIn(ask, rides);
    if (!first.ok) return first;
    if (first.value.kind === 'answered') return first.value.reply;
    if (first.value.kind === 'logged-in') return await this.#onNewLink(ask);
    this.#bodyWithLogin = false;
    if (this.#target.scheme === 'https') return await this.#onNewLink(ask);
    // The host did not open what we sealed, so the keys are out of step.
    const second = await this.#logIn(ask, false);
    return second.ok ? await this.#onNewLink(ask) : second;
  }

  async #onNewLink(ask: Ask): Promise<Outcome<WsmanReply>> {
    if (this.#link === undefined) return fail('lost', `${this.#target.name}: the connection was closed`);
    const reply = await this.#postOn(this.#link, ask);
    if (reply.ok || reply.reason !== 'lost' || ask.isRepeatable) return reply;
    return fail('lost', `${reply.detail}; whether the host acted on it is not known`);
  }

  async #logIn(ask: Ask, rides: boolean): Promise<Outcome<FirstAnswer>> {
    const { clock, loginMs } = this.#deps;
    this.#drop();
    const link = await this.#connect(ask.signal);
    if (!link.ok) return link;
    this.#link = link.value;
    const first = await link.value.logIn(rides ? ask.body : undefined, async (withBody, post) => {
      using deadline = startDeadline(clock, withBody ? loginMs + ask.timeoutMs : loginMs, ask.signal);
      const reply = await post(deadline.signal);
      if (reply.ok || !deadline.isExpired) return reply;
      return withBody
        ? this.#late(ask.timeoutMs)
        : fail('timed-out', `${this.#target.name}: no login within ${loginMs} ms`);
    });
    if (first.ok) this.#logins += 1;
    return first;
  }

  async #connect(signal: AbortSignal): Promise<Outcome<WsmanLink>> {
    const { clock, connectMs } = this.#deps;
    const security = this.#security;
    const target = this.#target;
    const onCertificate = (fingerprint: string) => security.onCertificate(fingerprint);
    const connected = await connectWsman({ target, clock, connectMs, onCertificate }, signal);
    if (!connected.ok) return connected;
    const { socket, binding } = connected.value;
    const context = await security.newContext(binding, signal).catch((error: unknown) => {
      socket.destroy();
      throw error;
    });
    if (!context.ok) {
      socket.destroy();
      return context;
    }
    const onVerdict = (verdict: Verdict) => security.onVerdict?.(verdict);
    const mayProve = async () => security.mayProve?.(signal);
    const link = new WsmanLink({ target, connected: connected.value, context: context.value, mayProve, onVerdict });
    if (this.#isOpen) return succeed(link);
    link.end();
    return fail('lost', `${target.name}: the connection was closed`);
  }
}

/** Connects nowhere yet: the first request does. */
export const openWsmanConnection = (target: WsmanTarget, security: WsmanSecurity, deps: WsmanDeps): WsmanConnection =>
  new Lane(target, security, deps);
