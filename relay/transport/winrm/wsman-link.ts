// One login on one socket: what is asked through it is sealed and opened here, and its end is the end of its keys.
import type { Verdict } from '#relay/transport/credential-breaker.ts';
import { type SecurityContext, SecurityFailure } from '#relay/transport/security-context.ts';
import { securityOutcome } from '#relay/transport/security-outcome.ts';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { HttpExchange, type HttpReply } from './http-exchange.ts';
import { decodeSealed, encodeSealed, isSealedType, SEALED_CONTENT_TYPE } from './sealed-message.ts';
import { declined, logIn } from './wsman-login.ts';
import type { WsmanSocket, WsmanTarget } from './wsman-socket.ts';

const PLAIN_CONTENT_TYPE = 'application/soap+xml;charset=UTF-8';

/** What the connection hands on as its reply. */
interface Opened {
  status: number;
  body: string;
}

export interface LinkOptions {
  target: WsmanTarget;
  connected: WsmanSocket;
  context: SecurityContext;
  /** Leave for what proves the login, see WsmanSecurity. */
  mayProve: () => Promise<Failure | undefined>;
  onVerdict: (verdict: Verdict) => void;
}

/** Gives each message of a login its own time: waiting for leave between them is nobody's slowness. */
type Timed = (
  withBody: boolean,
  post: (signal: AbortSignal) => Promise<Outcome<HttpReply>>,
) => Promise<Outcome<HttpReply>>;

/** A login that came with an answer, or the word that the body must be asked again. */
export type FirstAnswer = { kind: 'answered'; reply: Outcome<Opened> } | { kind: 'logged-in' } | { kind: 'ignored' };

export class WsmanLink {
  readonly #target: WsmanTarget;
  readonly #exchange: HttpExchange;
  readonly #context: SecurityContext;
  readonly #isSealed: boolean;
  readonly #mayProve: LinkOptions['mayProve'];
  readonly #onVerdict: (verdict: Verdict) => void;
  #isSettled = false;
  #isOver = false;

  constructor({ target, connected, context, mayProve, onVerdict }: LinkOptions) {
    this.#target = target;
    this.#exchange = new HttpExchange(target, connected.socket);
    this.#context = context;
    this.#isSealed = target.scheme === 'http';
    this.#mayProve = mayProve;
    this.#onVerdict = onVerdict;
  }

  get isAlive(): boolean {
    return !this.#isOver && this.#exchange.isAlive;
  }

  /** Logs in; with `body` the last token carries it. */
  async logIn(body: string | undefined, timed: Timed): Promise<Outcome<FirstAnswer>> {
    const { outcome, verdict } = await logIn({
      name: this.#target.name,
      context: this.#context,
      mayCarryBody: body !== undefined,
      leave: () => this.#leave(),
      post: (token, withBody) => {
        const content = withBody && body !== undefined ? this.#seal(body) : Buffer.alloc(0);
        const Authorization = `Negotiate ${Buffer.from(token).toString('base64')}`;
        const headers = { ...this.#headers(withBody), Authorization };
        return timed(withBody, (signal) => this.#exchange.post(content, headers, signal));
      },
    }).catch((error: unknown) => {
      this.end(); // a fault of ours gives back the leave to try as well
      throw error;
    });
    if (!outcome.ok) {
      this.#settle(verdict);
      return outcome;
    }
    // Over http NTLM alone proves nothing of the host: the first body that opens does.
    if (!this.#isSealed || this.#context.mechanism === 'kerberos') this.#settle('accepted');
    const { reply, isAnswer } = outcome.value;
    if (!isAnswer) return succeed({ kind: 'logged-in' });
    // Some hosts may take the login and leave the body that came with it unread.
    if (reply.status === 200 && reply.body.length === 0) {
      this.#settle('not-tried'); // it was let in, by the host's word alone
      return succeed({ kind: 'ignored' });
    }
    return succeed({ kind: 'answered', reply: this.#open(reply) });
  }

  /** `denied` where the host wants a new login, which says nothing of the credential. */
  async post(body: string, signal: AbortSignal): Promise<Outcome<Opened>> {
    let sealed: Buffer;
    try {
      sealed = this.#seal(body);
    } catch (error) {
      return securityOutcome(this.#target.name, error);
    }
    const posted = await this.#exchange.post(sealed, this.#headers(true), signal);
    return posted.ok ? this.#open(posted.value) : posted;
  }

  /** Ends socket and keys; a login whose fate is open stays without a verdict on its secret. */
  end(): void {
    this.#isOver = true;
    this.#settle('unanswered');
    this.#exchange.destroy();
    this.#context.dispose();
  }

  async #leave(): Promise<Failure | undefined> {
    const refused = await this.#mayProve();
    // It may have hung up meanwhile: then nothing is offered, and nothing was.
    return refused ?? (this.isAlive ? undefined : fail('lost', `${this.#target.name}: the peer ended the connection`));
  }

  #settle(verdict: Verdict): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#onVerdict(verdict);
  }

  #headers(withBody: boolean): Record<string, string> {
    const type = this.#isSealed ? SEALED_CONTENT_TYPE : PLAIN_CONTENT_TYPE;
    return withBody ? { 'Content-Type': type } : {};
  }

  #seal(body: string): Buffer {
    const plain = Buffer.from(body, 'utf8');
    return this.#isSealed ? encodeSealed(this.#context.wrap(plain), plain.length) : plain;
  }

  #open(reply: HttpReply): Outcome<Opened> {
    const { name } = this.#target;
    if (reply.status === 401) return fail('denied', `${name}: it wants a new login`);
    if (reply.status !== 200 && reply.status !== 500) return declined(name, reply);
    if (reply.status === 500 && reply.body.length === 0) return declined(name, reply);
    const text = this.#isSealed ? this.#unseal(reply) : plainBody(name, reply);
    if (!text.ok) return text;
    this.#settle('accepted');
    try {
      return succeed({ status: reply.status, body: new TextDecoder('utf-8', { fatal: true }).decode(text.value) });
    } catch {
      return fail('malformed', `${name}: its answer is not UTF-8`);
    }
  }

  #unseal(reply: HttpReply): Outcome<Buffer> {
    const { name } = this.#target;
    if (!isSealedType(reply.contentType))
      return fail('malformed', `${name}: it answers unsealed over a sealed connection`);
    try {
      const texts = decodeSealed(reply.body).map(({ sealed, plainLength }) => {
        const text = this.#context.unwrap(sealed);
        if (text.length === plainLength) return text;
        throw new SecurityFailure('malformed', 'a sealed answer is of another length than it says');
      });
      return succeed(Buffer.concat(texts));
    } catch (error) {
      return securityOutcome(name, error);
    }
  }
}

function plainBody(name: string, reply: HttpReply): Outcome<Buffer> | Failure {
  if (/^application\/soap\+xml\s*(;|$)/i.test(reply.contentType ?? '')) return succeed(reply.body);
  if (reply.status === 500) return declined(name, reply);
  return fail('malformed', `${name}: its answer is not SOAP`);
}
