// One connection's login to a Windows machine: its key is judged first, then a login is offered if it may be, once, with leave to try it.
import type { CredentialBreaker, Permit, Verdict } from '#relay/transport/credential-breaker.ts';
import type { CredentialGate, OfferedLogin } from '#relay/transport/credential-gate.ts';
import type { Credential } from '#relay/transport/credentials.ts';
import { startDeadline } from '#relay/transport/deadline.ts';
import { loginAsker } from '#relay/transport/login-authority.ts';
import type { LoginHooks } from '#relay/transport/login-hooks.ts';
import { NtlmContext } from '#relay/transport/ntlm/ntlm-context.ts';
import { ntlmLogin } from '#relay/transport/ntlm/ntlm-login.ts';
import type { DevicePins } from '#relay/transport/pin-store.ts';
import type { ChannelBinding, SecurityContext } from '#relay/transport/security-context.ts';
import { HostKeyCheck, type HostKeyPolicy } from '#relay/transport/ssh/host-key.ts';
import { LateLogin } from '#relay/transport/ssh/late-login.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { type Failure, type FailureReason, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { Purpose } from '#shared/model/credential.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { type KerberosNames, kerberosNames } from './kerberos-name.ts';
import type { WinrmWay } from './winrm-ways.ts';
import type { WsmanSecurity } from './wsman-connection.ts';

export interface KerberosAsk extends KerberosNames {
  password: string;
  channelBinding: ChannelBinding | undefined;
}

/** Tickets and contexts of the relay's own machine; absent where the library is not there. */
export interface KerberosSource {
  /** `denied`: the realm refused the login. `timed-out`: it was asked and may have. Any other failure says nothing of the login. */
  newContext(ask: KerberosAsk, signal: AbortSignal): Promise<Outcome<SecurityContext>>;
}

export interface WinrmLoginDeps {
  clock: Clock;
  random: RandomBytes;
  logins: Pick<CredentialGate, 'offer'>;
  breaker: Pick<CredentialBreaker, 'permit' | 'witness'>;
  pins: Pick<DevicePins, 'get'>;
  hostKeyPolicy?: HostKeyPolicy;
  /** Absent: no login is fetched here. */
  hooks?: LoginHooks;
  kerberos?: KerberosSource | undefined;
  /** Which a line of the roster may name; a login's own name needs no leave. */
  realms?: readonly string[];
}

export interface WinrmLoginAsk {
  entry: RosterEntry;
  purpose: Purpose;
  way: WinrmWay;
  /** Where the connection goes: an address, never a name. */
  address: string;
  /** What the first connection of the session was shown: each later one meets the same machine. */
  expectedKey?: string | undefined;
}

// 60 s: as over SSH, tries of a credential that nobody has accepted yet.
const PERMIT_MS = 60_000;

/**
 * How far it came. `barred`: the machine or the login is not right for it, and no other way makes that better.
 * `unable`: this way cannot be gone, and nothing was said of the login.
 */
type Stage = 'connecting' | 'barred' | 'unable' | 'logging-in' | 'declined' | 'judged';

/** What a login that came to nothing says of its secret: a directory that was asked and gave no answer may have judged it. */
const VERDICTS: Partial<Record<FailureReason, Verdict>> = { denied: 'denied', 'timed-out': 'unanswered' };

/** Of the network, the port or what speaks there. */
const OF_THE_WAY: ReadonlySet<FailureReason> = new Set([
  'unreachable',
  'refused',
  'timed-out',
  'lost',
  'malformed',
  'unsupported',
]);

export class WinrmLogin implements WsmanSecurity {
  readonly #deps: WinrmLoginDeps;
  readonly #ask: WinrmLoginAsk;
  readonly #late: LateLogin;
  #stage: Stage = 'connecting';
  #offered: OfferedLogin | undefined;
  #permit: Permit | undefined;
  #credential: Credential | undefined;
  #seenKey: string | undefined;
  #hasMet = false;
  #onBegun: (() => void) | undefined;

  constructor(deps: WinrmLoginDeps, ask: WinrmLoginAsk) {
    this.#deps = deps;
    this.#ask = ask;
    this.#late = new LateLogin({ hooks: deps.hooks, entry: ask.entry, purpose: ask.purpose });
  }

  /** Fingerprint of the certificate's key; undefined over plain HTTP. */
  get seenKey(): string | undefined {
    return this.#seenKey;
  }

  /** What was denied had been fetched for an earlier try: fetched anew it may be right. */
  get wasKept(): boolean {
    return this.#late.wasKept;
  }

  /** The connection stood, TLS included, and a login was asked for. */
  get hasMet(): boolean {
    return this.#hasMet;
  }

  /** Called once the connection stands. */
  onBegun(begun: () => void): void {
    this.#onBegun = begun;
  }

  /** Nothing was offered: another way may be tried. */
  mayTryAnother({ reason }: Failure): boolean {
    if (this.#stage === 'unable') return true;
    return (this.#stage === 'connecting' || this.#stage === 'declined') && OF_THE_WAY.has(reason);
  }

  onCertificate(fingerprint: string): Failure | undefined {
    const { entry, expectedKey } = this.#ask;
    const { pins, hostKeyPolicy: policy = 'pin-on-first-use' } = this.#deps;
    const offered = this.#offer();
    const pinned = expectedKey ?? pins.get(entry.device)?.hostKey ?? (offered.ok ? offered.value.hostKey : undefined);
    const refusal = offered.ok ? undefined : offered;
    const check = new HostKeyCheck({ name: entry.name, pinned, policy, refusal });
    if (!check.acceptsFingerprint(fingerprint)) {
      this.#stage = 'barred';
      return check.failure ?? fail('host-key-changed', `${entry.name}: its key is not accepted`);
    }
    this.#seenKey = fingerprint;
    this.#offered = offered.ok ? offered.value : undefined;
    return undefined;
  }

  async newContext(binding: ChannelBinding | undefined, signal: AbortSignal): Promise<Outcome<SecurityContext>> {
    this.#hasMet = true;
    this.#onBegun?.();
    const { way } = this.#ask;
    const offered = way.isTls && this.#offered !== undefined ? succeed(this.#offered) : this.#offer();
    if (!offered.ok) return this.#barred(offered);
    this.#offered = offered.value;
    // A directory judges a password before the machine hears of it; what is kept of a fetched one must not grow old while it waits.
    const isJudgedNow = way.auth === 'kerberos' || offered.value.credential.hook !== undefined;
    const refused = isJudgedNow ? await this.mayProve(signal) : undefined;
    if (refused !== undefined) return refused;
    // Leave that is never given back would be missing for all other devices: so also where a fault of ours ends the try.
    const made = await this.#contextFor(offered.value, binding, signal).catch((error: unknown) => {
      this.release();
      throw error;
    });
    if (made.ok) {
      this.#stage = 'logging-in';
      if (way.auth === 'kerberos') this.#permit?.granted();
      return made;
    }
    this.onVerdict(VERDICTS[made.reason] ?? 'not-tried');
    this.#stage = OF_THE_WAY.has(made.reason) ? 'unable' : 'barred';
    return made;
  }

  /** Leave from the breaker, right before something leaves that may be judged. */
  async mayProve(signal: AbortSignal): Promise<Failure | undefined> {
    const credential = this.#offered?.credential;
    if (this.#permit !== undefined || credential === undefined) return undefined;
    const permit = await this.#leaveToTry(credential, signal);
    if (!permit.ok) return this.#barred(permit);
    this.#permit = permit.value;
    return undefined;
  }

  onVerdict(verdict: Verdict): void {
    const isOld = verdict === 'denied' && this.#late.wasKept;
    if (verdict === 'denied' && this.#credential !== undefined) this.#late.forget(this.#credential);
    this.#permit?.settle(isOld ? 'not-tried' : verdict);
    this.#permit = undefined;
    if (verdict !== 'not-tried') this.#stage = 'judged';
    else if (this.#stage !== 'barred') this.#stage = 'declined';
  }

  /** Leave that was given and not used, as when the connection broke before the login. */
  release(): void {
    this.#permit?.settle('not-tried');
    this.#permit = undefined;
  }

  /** A session stands on it: until this is called back, it can be asked whether the login still works. */
  witness(confirm: () => Promise<void>): () => void {
    const credential = this.#offered?.credential;
    if (credential === undefined) return () => undefined;
    return this.#deps.breaker.witness(credential, loginAsker(credential.user, this.#ask.entry), confirm);
  }

  #offer(): Outcome<OfferedLogin> {
    const { entry, purpose, address, way } = this.#ask;
    const proof = way.auth === 'kerberos' ? 'kerberos' : 'none';
    return this.#deps.logins.offer(entry, { purpose, address, ...(way.isTls ? {} : { proof }) });
  }

  #barred(failure: Failure): Failure {
    this.#stage = 'barred';
    return failure;
  }

  async #leaveToTry(credential: Credential, signal: AbortSignal): Promise<Outcome<Permit>> {
    const { clock, breaker } = this.#deps;
    const { entry } = this.#ask;
    using deadline = startDeadline(clock, PERMIT_MS, signal);
    const permit = await breaker.permit(credential, loginAsker(credential.user, entry), deadline.signal);
    if (permit.ok || !deadline.isExpired) return permit;
    return fail('timed-out', `${entry.name}: others still try credential ${credential.name}`);
  }

  async #contextFor(
    offered: OfferedLogin,
    channelBinding: ChannelBinding | undefined,
    signal: AbortSignal,
  ): Promise<Outcome<SecurityContext>> {
    const { entry, address, way } = this.#ask;
    const filled =
      offered.credential.hook === undefined
        ? succeed(offered.credential)
        : await this.#late.fetch(offered, { address, hostKey: this.#seenKey ?? '' });
    if (!filled.ok) return filled;
    const { name, user, password } = filled.value;
    this.#credential = filled.value;
    if (password === undefined)
      return fail('credential-missing', `${entry.name}: credential ${name} holds no password`);
    if (way.auth === 'kerberos') return await this.#kerberosContext(user, { password, channelBinding }, signal);
    const { clock, random } = this.#deps;
    return succeed(
      new NtlmContext({
        login: ntlmLogin(user, password),
        targetName: entry.spn ?? `HTTP/${entry.address}`,
        channelBinding,
        // Inside TLS nothing is sealed twice; a signature is what the MIC needs.
        demand: 'seal',
        clock,
        randomBytes: (size) => random(new Uint8Array(size)),
      }),
    );
  }

  async #kerberosContext(
    user: string,
    secret: Pick<KerberosAsk, 'password' | 'channelBinding'>,
    signal: AbortSignal,
  ): Promise<Outcome<SecurityContext>> {
    const { entry } = this.#ask;
    const names = kerberosNames(user, entry, this.#deps.realms);
    if (names === undefined || this.#deps.kerberos === undefined)
      return fail('unsupported', `${entry.name}: no realm is known for this login, so Kerberos is not possible`);
    const made = await this.#deps.kerberos.newContext({ ...names, ...secret }, signal);
    return made.ok ? made : fail(made.reason, `${entry.name}: Kerberos: ${made.detail}`);
  }
}
