// One login by Kerberos on one connection (RFC 4121): a ticket for exactly one service, proof of both sides, sealing of AES.
import { startDeadline } from '#relay/transport/deadline.ts';
import type { PermitGate } from '#relay/transport/permit-gate.ts';
import {
  type ChannelBinding,
  type SealedMessage,
  type SecurityContext,
  SecurityFailure,
} from '#relay/transport/security-context.ts';
import type { Clock } from '#shared/base/clock.ts';
import { joinToken, splitToken } from './cfx-token.ts';
import { gssFailure } from './gss-failure.ts';
import { GSS_COMPLETE, GSS_CONTINUE, GSS_FLAGS, type GssHandle, type GssLibrary } from './gss-library.ts';

export interface KerberosOptions {
  gss: GssLibrary;
  /** Keeps calls that wait for the network from taking every thread of the process. */
  gate: PermitGate;
  clock: Clock;
  /** For each step that asks the network. */
  stepMs: number;
  /** user@REALM. */
  principal: string;
  password: string;
  /** HTTP/host.name@REALM: exactly this one, no name server is asked for another. */
  service: string;
  channelBinding?: ChannelBinding | undefined;
}

type Kept = 'user' | 'service' | 'credential' | 'context';

export class KerberosContext implements SecurityContext {
  readonly mechanism = 'kerberos';
  readonly #options: Omit<KerberosOptions, 'password'>;
  readonly #password: Buffer;
  readonly #kept: Partial<Record<Kept, GssHandle>> = {};
  /** The first token, made before anybody asks for it. */
  #first: Buffer | undefined;
  #isComplete = false;
  #isOver = false;
  #busy = 0;

  constructor({ password, ...options }: KerberosOptions) {
    this.#options = options;
    this.#password = Buffer.from(password, 'utf8');
  }

  get isComplete(): boolean {
    return this.#isComplete && !this.#isOver;
  }

  /** Asks the directory for both tickets, so that all it may refuse is known before the host hears anything. */
  async prepare(signal: AbortSignal): Promise<void> {
    await this.#guarded(async () => {
      const user = this.#name('user', this.#options.principal);
      const acquired = await this.#onThread((gss) => gss.acquire(user, this.#password), 'credential', signal);
      this.#password.fill(0);
      if (acquired.major !== GSS_COMPLETE) throw gssFailure(this.#options.gss, acquired);
      this.#name('service', this.#options.service);
      this.#first = await this.#init(undefined, signal);
    });
  }

  async step(token?: Uint8Array): Promise<Uint8Array | undefined> {
    if (this.#isOver) throw notReady();
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined && token === undefined) return Uint8Array.from(first);
    return await this.#guarded(async () => {
      if (token === undefined || this.#isComplete || first !== undefined)
        throw new SecurityFailure('malformed', 'Kerberos: the host sent no token, or one at the wrong time');
      const next = await this.#init(token, new AbortController().signal);
      return next.length === 0 ? undefined : next;
    });
  }

  wrap(plain: Uint8Array): SealedMessage {
    const { gss } = this.#options;
    const sealed = gss.wrap(this.#ready(), plain);
    if (sealed.major !== GSS_COMPLETE) throw gssFailure(gss, sealed);
    if (!sealed.isSealed) throw new SecurityFailure('downgrade', 'Kerberos: the library does not seal');
    return splitToken(sealed.token, plain.length);
  }

  unwrap(sealed: SealedMessage): Uint8Array {
    const { gss } = this.#options;
    const opened = gss.unwrap(this.#ready(), joinToken(sealed));
    // Supplementary bits say "twice", "old" or "out of turn" (RFC 2744, 3.9.1): none of them is success here.
    if (opened.major !== GSS_COMPLETE || !opened.isSealed)
      throw new SecurityFailure('integrity', "Kerberos: the signature or the turn of the peer's message is wrong");
    return opened.plain;
  }

  dispose(): void {
    this.#isOver = true;
    // A call that still runs uses what would be released: its end comes back here. A password that is wiped under it would be tried
    // as a wrong one.
    if (this.#busy > 0) return;
    this.#password.fill(0);
    const { gss } = this.#options;
    const { user, service, credential, context } = this.#kept;
    for (const name of [user, service]) if (name !== undefined) gss.releaseName(name);
    if (context !== undefined) gss.deleteContext(context);
    if (credential !== undefined) gss.releaseCredential(credential);
    for (const kind of ['user', 'service', 'credential', 'context'] as const) delete this.#kept[kind];
  }

  #ready(): GssHandle {
    const { context } = this.#kept;
    if (context === undefined || !this.isComplete) throw notReady();
    return context;
  }

  #name(kind: 'user' | 'service', text: string): GssHandle {
    const { gss } = this.#options;
    const imported = gss.importName(text);
    if (imported.major !== GSS_COMPLETE || imported.name === undefined) throw gssFailure(gss, imported);
    this.#kept[kind] = imported.name;
    return imported.name;
  }

  async #init(token: Uint8Array | undefined, signal: AbortSignal): Promise<Buffer> {
    const { gss, channelBinding } = this.#options;
    const { credential, context, service } = this.#kept;
    if (credential === undefined || service === undefined) throw notReady();
    const step = { credential, context, target: service, channelBinding: channelBinding?.applicationData, token };
    const made = await this.#onThread((library) => library.init(step), 'context', signal);
    if (made.major !== GSS_COMPLETE && made.major !== GSS_CONTINUE) throw gssFailure(gss, made);
    if (made.major === GSS_CONTINUE) return made.token;
    if ((made.flags & GSS_FLAGS) !== GSS_FLAGS)
      throw new SecurityFailure('downgrade', 'Kerberos: the host does without proof of itself, sealing or order');
    this.#isComplete = true;
    return made.token;
  }

  /** A call on a thread of its own, in time or not at all; what it makes is kept even if nobody waits for it any more. */
  async #onThread<K extends 'credential' | 'context', T extends { [key in K]: GssHandle | undefined }>(
    call: (gss: GssLibrary) => Promise<T>,
    kind: K,
    signal: AbortSignal,
  ): Promise<T> {
    const { gss, gate, clock, stepMs } = this.#options;
    using deadline = startDeadline(clock, stepMs, signal);
    const late = () =>
      deadline.isExpired
        ? new SecurityFailure('unreachable', `Kerberos: no server of the realm answers within ${stepMs} ms`)
        : new SecurityFailure('refused', 'Kerberos: stopped by us');
    const entered = await gate.enter(deadline.signal, () => ({ ok: false, reason: 'cancelled', detail: '' }));
    if (!entered.ok) throw late();
    this.#busy += 1;
    const running = call(gss).then((made) => {
      this.#kept[kind] = made[kind];
      return made;
    });
    const ended = running.finally(() => {
      entered.value();
      this.#busy -= 1;
      if (this.#isOver) this.dispose();
    });
    // Listened to from the start: when the deadline comes first, nobody else does.
    ended.catch(() => undefined);
    // The password has left by then, and may be judged behind our back; a ticket says nothing of it.
    const open = () => (kind === 'credential' ? new SecurityFailure('unanswered', late().message) : late());
    return await Promise.race([ended, abortion(deadline.signal, open)]);
  }

  /** A context that failed is over. */
  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.dispose();
      throw error;
    }
  }
}

function abortion(signal: AbortSignal, reason: () => Error): Promise<never> {
  const gone = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(reason()), { once: true });
  });
  gone.catch(() => undefined);
  return gone;
}

function notReady(): SecurityFailure {
  return new SecurityFailure('integrity', 'Kerberos: this login is not complete or is over');
}
