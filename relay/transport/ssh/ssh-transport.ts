// The SSH transport: reach the device, judge its host key, log in once, ask who it is.
import type { CredentialBreaker, Permit } from '#relay/transport/credential-breaker.ts';
import type { CredentialGate, OfferedLogin } from '#relay/transport/credential-gate.ts';
import { startDeadline } from '#relay/transport/deadline.ts';
import type { HandshakeGate } from '#relay/transport/handshake-gate.ts';
import { type DeviceFacts, readDeviceFacts } from '#relay/transport/host-identity.ts';
import { type LoginAsker, loginAsker } from '#relay/transport/login-authority.ts';
import type { LoginHooks } from '#relay/transport/login-hooks.ts';
import type { DevicePins } from '#relay/transport/pin-store.ts';
import type { Login, RunRequest, Session, SessionWay, Transport } from '#relay/transport/transport.ts';
import { readWindowsFacts } from '#relay/transport/windows-identity.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { Purpose } from '#shared/model/credential.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { HostKeyCheck, type HostKeyPolicy } from './host-key.ts';
import { LateLogin } from './late-login.ts';
import { login } from './login.ts';
import { type Reached, reach } from './reach.ts';
import { posixShell } from './ssh-carrier.ts';
import { SshConnection, SshSession } from './ssh-session.ts';
import { isWindowsGreeting, WINDOWS_SHELL } from './windows-shell.ts';

export interface SshDeadlines {
  /** Default 5 s: three lost SYNs on a slow line. */
  connectMs: number;
  /** Default 10 s: an sshd that looks up our name in a dead DNS takes that long to speak. */
  greetingMs: number;
  /** Default 15 s: key exchange and login on a small router. */
  handshakeMs: number;
}

export interface SshDeps {
  clock: Clock;
  random: RandomBytes;
  logins: CredentialGate;
  breaker: CredentialBreaker;
  gate: HandshakeGate;
  pins: Pick<DevicePins, 'get'>;
  hostKeyPolicy?: HostKeyPolicy;
  /** Absent: no login is fetched here. */
  hooks?: LoginHooks;
  deadlines?: Partial<SshDeadlines>;
}

// 60 s: three tries of a credential nobody has accepted yet, each of the longest kind.
const PERMIT_MS = 60_000;

const DEADLINES: SshDeadlines = { connectMs: 5_000, greetingMs: 10_000, handshakeMs: 15_000 };

/** What a handshake may use: a login with leave to try it, or none, and then it only learns the machine's key. */
interface Offer extends OfferedLogin {
  permit: Pick<Permit, 'settle'>;
  refusal: Failure | undefined;
  late: LateLogin | undefined;
}

const NOTHING: Omit<Offer, 'refusal'> = {
  // The name goes into no packet: the key exchange comes before it, and ends the connection.
  credential: { name: 'none', user: 'none', password: undefined, key: undefined, binding: undefined, version: '' },
  hostKey: undefined,
  allows: { key: false, password: false },
  permit: { settle: () => undefined },
  late: undefined,
};

/** Of a login that was fetched for an earlier try a denial says only that it was changed since. */
const withoutOldDenials = (
  permit: Offer['permit'],
  { credential, late }: Pick<Offer, 'credential' | 'late'>,
): Offer['permit'] => ({
  settle: (verdict) => {
    if (verdict === 'denied') late?.forget(credential);
    permit.settle(verdict === 'denied' && late?.wasKept === true ? 'not-tried' : verdict);
  },
});

interface Asked {
  purpose: Purpose;
  late: LateLogin;
  /** Who asks the breaker. */
  asker: LoginAsker;
  /** Nothing is offered to a server that does not say it is Windows'. */
  isForWindows: boolean;
}

interface LoggedIn {
  connection: SshConnection;
  hostKey: string | undefined;
  /** Read while the connection stood: a socket that is lost has none. */
  address: string | undefined;
  way: SessionWay;
  isWindows: boolean;
}

export class SshTransport implements Transport {
  readonly kind = 'ssh';
  readonly #deps: SshDeps;
  readonly #deadlines: SshDeadlines;

  constructor(deps: SshDeps) {
    this.#deps = deps;
    this.#deadlines = { ...DEADLINES, ...deps.deadlines };
  }

  login(entry: RosterEntry, purpose: Purpose): Outcome<Login> {
    const picked = this.#deps.logins.pick(entry, purpose);
    if (!picked.ok) return picked;
    const { name, version, serves } = picked.value;
    return succeed({ serves, stamp: `${name} ${version}` });
  }

  open(entry: RosterEntry, signal: AbortSignal, purpose: Purpose): Promise<Outcome<Session>> {
    const picked = this.#deps.logins.pick(entry, purpose);
    if (!picked.ok) return Promise.resolve(picked);
    return this.#open(entry, { purpose, asker: loginAsker(picked.value.user, entry), isForWindows: false }, signal);
  }

  /** For a device that is met over WinRM: its login means there what it means here, so it is one account to the breaker. */
  openWindows(entry: RosterEntry, port: number, signal: AbortSignal, purpose: Purpose): Promise<Outcome<Session>> {
    const overSsh = { ...entry, transport: 'ssh' as const, port };
    const picked = this.#deps.logins.pick(overSsh, purpose);
    if (!picked.ok) return Promise.resolve(picked);
    return this.#open(overSsh, { purpose, asker: loginAsker(picked.value.user, entry), isForWindows: true }, signal);
  }

  async #open(entry: RosterEntry, ask: Omit<Asked, 'late'>, signal: AbortSignal): Promise<Outcome<Session>> {
    const { purpose, asker } = ask;
    const { hooks, logins, breaker } = this.#deps;
    const picked = logins.pick(entry, purpose);
    if (!picked.ok) return picked;
    // Asked before a packet is sent: a paused credential leaves no line in the device's log.
    const paused = breaker.refusal(picked.value, asker);
    if (paused !== undefined) return paused;
    const first = new LateLogin({ hooks, entry, purpose });
    const tried = await this.#logIn(entry, { ...ask, late: first }, signal);
    // What was kept is denied: it was changed meanwhile. Fetched anew it is tried once more, and then its denial counts.
    const isOutdated = !tried.ok && tried.reason === 'denied' && first.wasKept;
    const again = { ...ask, late: new LateLogin({ hooks, entry, purpose }) };
    const loggedIn = isOutdated ? await this.#logIn(entry, again, signal) : tried;
    return loggedIn.ok ? this.#identify(loggedIn.value, signal) : loggedIn;
  }

  async #reach(entry: RosterEntry, signal: AbortSignal) {
    const place = await this.#deps.gate.connect(entry.name, signal);
    if (!place.ok) return place;
    try {
      const { connectMs, greetingMs } = this.#deadlines;
      const { name, address: host, port = 22 } = entry;
      return await reach({ name, host, port, clock: this.#deps.clock, connectMs, greetingMs }, signal);
    } finally {
      place.value();
    }
  }

  async #logIn(entry: RosterEntry, asked: Asked, signal: AbortSignal): Promise<Outcome<LoggedIn>> {
    const reached = await this.#reach(entry, signal);
    if (!reached.ok) return reached;
    const { socket, greeting } = reached.value;
    let isLoggedIn = false;
    try {
      if (asked.isForWindows && !isWindowsGreeting(greeting))
        return fail('refused', `${entry.name}: what answers SSH there does not say that it is Windows`);
      // The address that answers counts, not the name or address of the roster.
      const offered = this.#deps.logins.offer(entry, { purpose: asked.purpose, address: socket.remoteAddress });
      const loggedIn = offered.ok
        ? await this.#withPermit(entry, { ...offered.value, ...asked }, reached.value, signal)
        : await this.#shakeHands(entry, { ...NOTHING, refusal: offered }, reached.value, signal);
      isLoggedIn = loggedIn.ok;
      return loggedIn;
    } finally {
      if (!isLoggedIn) socket.destroy();
    }
  }

  async #withPermit(
    entry: RosterEntry,
    offered: OfferedLogin & Asked,
    reached: Reached,
    signal: AbortSignal,
  ): Promise<Outcome<LoggedIn>> {
    const { credential } = offered;
    using deadline = startDeadline(this.#deps.clock, PERMIT_MS, signal);
    const permit = await this.#deps.breaker.permit(credential, offered.asker, deadline.signal);
    if (deadline.isExpired) return fail('timed-out', `${entry.name}: others still try credential ${credential.name}`);
    if (!permit.ok) return permit;
    try {
      const soft = withoutOldDenials(permit.value, offered);
      return await this.#shakeHands(entry, { ...offered, permit: soft, refusal: undefined }, reached, signal);
    } finally {
      permit.value.settle('not-tried'); // does nothing after the login's own verdict
    }
  }

  async #shakeHands(
    entry: RosterEntry,
    offer: Offer,
    { socket, greeting }: Reached,
    signal: AbortSignal,
  ): Promise<Outcome<LoggedIn>> {
    const { clock, random, gate, pins, hostKeyPolicy: policy = 'pin-on-first-use' } = this.#deps;
    const { name } = entry;
    const place = await gate.handshake(name, signal);
    if (!place.ok) return place;
    try {
      const { credential, permit, refusal, late } = offer;
      const pinned = pins.get(entry.device)?.hostKey ?? offer.hostKey;
      const hostKey = new HostKeyCheck({ name, pinned, policy, refusal });
      const handshakeMs = this.#deadlines.handshakeMs + LateLogin.extraMs(credential);
      const address = socket.remoteAddress;
      const isLate = credential.hook !== undefined && late !== undefined;
      const fetch = isLate ? (shown: string) => late.fetch(offer, { address, hostKey: shown }) : undefined;
      const loggedIn = await login({ name, socket, credential, permit, hostKey, fetch, clock, handshakeMs }, signal);
      if (!loggedIn.ok) return loggedIn;
      const { client, auth } = loggedIn.value;
      const connection = new SshConnection({ clock, random, client, socket, name });
      const way: SessionWay = { transport: 'ssh', port: entry.port ?? 22, auth, seal: 'ssh' };
      return succeed({ connection, hostKey: hostKey.seen, address, way, isWindows: isWindowsGreeting(greeting) });
    } finally {
      place.value();
    }
  }

  async #identify(loggedIn: LoggedIn, signal: AbortSignal): Promise<Outcome<Session>> {
    const { connection, address, way, isWindows } = loggedIn;
    if (isWindows) connection.setShell(WINDOWS_SHELL);
    const facts = await this.#factsOf(loggedIn, signal);
    if (!facts.ok) {
      connection.close();
      return facts;
    }
    if (!isWindows) connection.setShell(posixShell(facts.value));
    return succeed(new SshSession(facts.value, connection, { address, way }));
  }

  async #factsOf({ connection, hostKey, isWindows }: LoggedIn, signal: AbortSignal): Promise<Outcome<DeviceFacts>> {
    const { random } = this.#deps;
    const run = (request: RunRequest) => connection.run(request, signal);
    if (!isWindows) return await readDeviceFacts(run, random, { hostKey });
    const facts = await readWindowsFacts(undefined, run, signal, hostKey, random);
    return !facts.ok || facts.value.system === 'windows'
      ? facts
      : fail('malformed', 'it greets as Windows, and answers as something else');
  }
}
