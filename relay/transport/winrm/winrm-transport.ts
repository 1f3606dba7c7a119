// The WinRM transport: the strongest way that the machine and its floor allow, a login that may be offered there, then who it is.
import type { CredentialBreaker } from '#relay/transport/credential-breaker.ts';
import type { CredentialGate, PickedLogin } from '#relay/transport/credential-gate.ts';
import type { HandshakeGate } from '#relay/transport/handshake-gate.ts';
import type { DeviceFacts } from '#relay/transport/host-identity.ts';
import { loginAsker } from '#relay/transport/login-authority.ts';
import { type DnsDeps, resolveAddress } from '#relay/transport/probe/dns.ts';
import type { SshTransport } from '#relay/transport/ssh/ssh-transport.ts';
import type { Login, Session, Transport } from '#relay/transport/transport.ts';
import type { WayKeeper } from '#relay/transport/way-keeper.ts';
import { isWeaker } from '#relay/transport/way-rank.ts';
import { readWindowsFacts } from '#relay/transport/windows-identity.ts';
import { type Failure, type FailureReason, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { Purpose } from '#shared/model/credential.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { WinrmClient, type WsmanIdentity } from './client.ts';
import { exchangeOver } from './exchange.ts';
import { kerberosNames, realmAdvice } from './kerberos-name.ts';
import { watchedConnection } from './watched-connection.ts';
import { WinrmLogin, type WinrmLoginAsk, type WinrmLoginDeps } from './winrm-login.ts';
import { WinrmSession } from './winrm-session.ts';
import {
  maySshFollow,
  sessionWay,
  WINRM_PORTS,
  type WinrmPorts,
  type WinrmWay,
  waysOver,
  withSsh,
} from './winrm-ways.ts';
import { openWsmanConnection, type WsmanConnection } from './wsman-connection.ts';

export interface WinrmDeps extends WinrmLoginDeps {
  logins: CredentialGate;
  breaker: CredentialBreaker;
  gate: HandshakeGate;
  ways: Pick<WayKeeper, 'isAllowed' | 'floorOf' | 'lost' | 'explain'>;
  /** Default 5985 and 5986, and 22. */
  ports?: WinrmPorts;
  /** The last of the ways; absent: there is none. */
  ssh?: Pick<SshTransport, 'openWindows'>;
  lookup?: DnsDeps['lookup'];
}

// 5 s: three lost SYNs on a slow line.
const CONNECT_MS = 5_000;
// 3 s where nobody has answered yet and another way is left: a firewall that swallows 5986 must not use up a poll's time.
const GUESS_MS = 3_000;
// 15 s: a domain controller behind a slow line has the last word.
const LOGIN_MS = 15_000;
// 5 s: a machine that answers its polls; others of the login wait meanwhile.
const CONFIRM_MS = 5_000;
// 6 h: how long a stronger way that was not there is not looked for first; each look costs a login up to three seconds.
const LOOK_AGAIN_MS = 6 * 3_600_000;
const SSH_PORT = 22;
/** Nothing was offered over SSH: what is wrong is told together with the other ways. */
const ANSWERS_NOT: ReadonlySet<FailureReason> = new Set([
  'unreachable',
  'refused',
  'timed-out',
  'credential-not-allowed',
]);
// Twice a full roster; at the bound all are looked for again.
const MAX_NOTED = 4_000;

interface Tried {
  failure: Failure;
  /** Nothing was offered, so another way may be tried. */
  mayGoOn: boolean;
  /** Nobody speaks there what is asked for, whatever the login. */
  isClosed: boolean;
  /** The next try of a login that was kept and is outdated. */
  isOutdated: boolean;
}

type Opening = { session: WinrmSession } | Tried;

interface FailedAt {
  port: number;
  failure: Failure;
}

interface Asked {
  entry: RosterEntry;
  purpose: Purpose;
  address: string;
}

export class WinrmTransport implements Transport {
  readonly kind = 'winrm';
  readonly #deps: WinrmDeps;
  /** Until when a stronger way is not looked for first, in time of this process. */
  readonly #noted = new Map<string, number>();

  constructor(deps: WinrmDeps) {
    this.#deps = deps;
  }

  login(entry: RosterEntry, purpose: Purpose): Outcome<Login> {
    const picked = this.#deps.logins.pick(entry, purpose);
    if (!picked.ok) return picked;
    const { name, version, serves } = picked.value;
    return succeed({ serves, stamp: `${name} ${version}` });
  }

  async open(entry: RosterEntry, signal: AbortSignal, purpose: Purpose): Promise<Outcome<Session>> {
    const picked = this.#deps.logins.pick(entry, purpose);
    if (!picked.ok) return picked;
    const paused = this.#deps.breaker.refusal(picked.value, loginAsker(picked.value.user, entry));
    if (paused !== undefined) return paused;
    const { clock, lookup } = this.#deps;
    const { addresses } = await resolveAddress(entry.address, { clock, signal, ...(lookup && { lookup }) });
    const [address] = addresses;
    if (address === undefined) return fail('unreachable', `${entry.name}: ${entry.address} has no address`);
    return await this.#openFirst({ entry, purpose, address }, picked.value, signal);
  }

  /** Goes through the ways that are not below the floor; whatever was offered once ends it. */
  async #openFirst(asked: Asked, picked: PickedLogin, signal: AbortSignal): Promise<Outcome<Session>> {
    const { entry } = asked;
    const { ways } = this.#deps;
    const openSsh = this.#sshOf(asked, picked, signal);
    // Another way would show another key than the pinned one.
    if (openSsh !== undefined && ways.floorOf(entry)?.transport === 'ssh')
      return this.#asBefore(entry, await openSsh());
    const all = waysOver(entry.port, this.#hasKerberos(entry, picked), this.#deps.ports ?? WINRM_PORTS);
    const allowed = all.filter((way) => ways.isAllowed(entry, sessionWay(way)));
    const order = this.#inOrder(entry, allowed);
    const steps = openSsh === undefined ? order : withSsh(order, ways.floorOf(entry));
    const failed: FailedAt[] = [];
    const closed = new Set<string>();
    for (const step of steps) {
      if (step === 'ssh') {
        const overSsh = await openSsh?.();
        if (overSsh === undefined) continue;
        if (overSsh.ok || !ANSWERS_NOT.has(overSsh.reason) || signal.aborted) return overSsh;
        failed.push({ port: this.#sshPort, failure: overSsh });
        continue;
      }
      if (closed.has(placeOf(step))) continue;
      const isGuess = step !== steps.at(-1) && ways.floorOf(entry) === undefined;
      const tried = await this.#tryTwice({ ...asked, way: step }, isGuess ? GUESS_MS : CONNECT_MS, signal);
      if ('session' in tried) {
        this.#note(entry, step !== allowed[0]);
        return succeed(tried.session);
      }
      if (!tried.mayGoOn || signal.aborted) return tried.failure;
      failed.push({ port: step.port, failure: tried.failure });
      if (tried.isClosed) closed.add(placeOf(step));
    }
    const advice = realmAdvice(picked.user, entry, this.#deps.realms);
    return this.#nothingLeft(entry, failed, { isFloored: allowed.length < all.length, advice });
  }

  #asBefore(entry: RosterEntry, opened: Outcome<Session>): Outcome<Session> {
    if (opened.ok || !ANSWERS_NOT.has(opened.reason)) return opened;
    return this.#nothingLeft(entry, [{ port: this.#sshPort, failure: opened }], { isFloored: true, advice: '' });
  }

  get #sshPort(): number {
    return this.#deps.ports?.ssh ?? SSH_PORT;
  }

  /** Only for a login whose binding names SSH: whoever stored it has said so. A port of the roster means WinRM. */
  #sshOf(
    { entry, purpose }: Asked,
    { transports }: PickedLogin,
    signal: AbortSignal,
  ): (() => Promise<Outcome<Session>>) | undefined {
    const { ssh, ways } = this.#deps;
    const isMeant = entry.port === undefined && transports?.includes('ssh') === true;
    if (ssh === undefined || !isMeant || !maySshFollow(ways.floorOf(entry))) return undefined;
    return () => ssh.openWindows(entry, this.#sshPort, signal, purpose);
  }

  #hasKerberos(entry: RosterEntry, { user }: PickedLogin): boolean {
    if (this.#deps.kerberos === undefined) return false;
    // The name of a login that is fetched comes later: the roster says whether there is a realm.
    return kerberosNames(user === '' ? 'x' : user, entry, this.#deps.realms) !== undefined;
  }

  /** A stronger way than the one that worked is looked for first now and then, else last. */
  #inOrder(entry: RosterEntry, allowed: readonly WinrmWay[]): readonly WinrmWay[] {
    const floor = this.#deps.ways.floorOf(entry);
    const until = this.#noted.get(entry.device) ?? Number.NEGATIVE_INFINITY;
    if (floor === undefined || until <= this.#deps.clock.monotonic()) return allowed;
    const isStronger = (way: WinrmWay) => isWeaker(floor, sessionWay(way));
    return [...allowed.filter((way) => !isStronger(way)), ...allowed.filter(isStronger)];
  }

  #note({ device }: RosterEntry, isBelowBest: boolean): void {
    if (this.#noted.size >= MAX_NOTED) this.#noted.clear();
    if (isBelowBest) this.#noted.set(device, this.#deps.clock.monotonic() + LOOK_AGAIN_MS);
    else this.#noted.delete(device);
  }

  #nothingLeft(
    entry: RosterEntry,
    failed: readonly FailedAt[],
    { isFloored, advice }: { isFloored: boolean; advice: string },
  ): Failure {
    const { ways } = this.#deps;
    const last = failed.at(-1)?.failure;
    if (last === undefined) return ways.lost(entry, `no way to it is as strong as the one it was reached by${advice}`);
    const each = failed.map(({ port, failure }) => `port ${port}: ${tailOf(failure, entry.name)}`);
    const why = `${each.join('; ')}${advice}`;
    // What a person can change about the login is worth more than a port that is closed.
    const { reason } = failed.find(({ failure }) => failure.reason === 'credential-not-allowed')?.failure ?? last;
    const said = fail(reason, `${entry.name}: ${why}`);
    if (!isFloored) return said;
    // A machine that is switched off has lost nothing: who closes a port, or speaks less than before, has.
    const isLost = failed.some(({ failure }) => failure.reason === 'refused' || failure.reason === 'malformed');
    return isLost ? ways.lost(entry, why) : ways.explain(entry, said);
  }

  /** What was kept of a fetched login and is denied was changed meanwhile: fetched anew it is tried once more. */
  async #tryTwice(ask: WinrmLoginAsk, connectMs: number, signal: AbortSignal): Promise<Opening> {
    const tried = await this.#try(ask, connectMs, signal);
    return 'session' in tried || !tried.isOutdated ? tried : await this.#try(ask, connectMs, signal);
  }

  async #try(ask: WinrmLoginAsk, connectMs: number, signal: AbortSignal): Promise<Opening> {
    const { entry, purpose, way, address } = ask;
    // Over plain HTTP nothing depends on what the machine shows: it is not even knocked at where no login may go.
    const offered = way.isTls
      ? succeed(undefined)
      : this.#deps.logins.offer(entry, { purpose, address, proof: way.auth === 'kerberos' ? 'kerberos' : 'none' });
    if (!offered.ok) return { failure: offered, mayGoOn: true, isClosed: false, isOutdated: false };
    const place = await this.#deps.gate.connect(entry.name, signal);
    if (!place.ok) return { failure: place, mayGoOn: false, isClosed: false, isOutdated: false };
    const login = new WinrmLogin(this.#deps, ask);
    login.onBegun(place.value);
    let onEnd: (why: Failure) => void = () => undefined;
    const client = this.#clientOf(ask, login, { connectMs, onBroken: (why) => onEnd(why) });
    let isUsed = false;
    try {
      const facts = await factsOf(client, signal);
      if (!facts.ok)
        return {
          failure: facts,
          mayGoOn: login.mayTryAnother(facts),
          isClosed: !login.hasMet,
          isOutdated: facts.reason === 'denied' && login.wasKept,
        };
      isUsed = true;
      const session = this.#sessionOf(ask, client, login, facts.value);
      onEnd = (why) => session.close(why);
      return { session };
    } finally {
      place.value();
      login.release();
      if (!isUsed) await client.close();
    }
  }

  #sessionOf(ask: WinrmLoginAsk, client: WinrmClient, login: WinrmLogin, facts: MetFacts): WinrmSession {
    const { entry, address, way } = ask;
    const { seenKey } = login;
    // The key comes from the connection, never from what the machine says.
    const identity = seenKey === undefined ? facts.identity : { ...facts.identity, hostKey: seenKey };
    const over = new AbortController();
    const dismiss = login.witness(() => this.#confirm({ ...ask, expectedKey: seenKey }, over.signal));
    const onClose = () => {
      dismiss();
      over.abort();
    };
    const { random } = this.#deps;
    return new WinrmSession({
      ...{ name: entry.name, random, client, address, way: sessionWay(way), onClose },
      facts: { ...facts, identity },
    });
  }

  /** Logs in once more beside a session: the breaker hears whether the login still works, and nobody else does. */
  async #confirm(ask: WinrmLoginAsk, signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#deps;
    const { name } = ask.entry;
    const login = new WinrmLogin(this.#deps, ask);
    const connection = openWsmanConnection(targetOf(ask), login, { clock, connectMs: CONNECT_MS, loginMs: LOGIN_MS });
    try {
      const exchange = exchangeOver({ name, random, post: (...asked) => connection.post(...asked) });
      await exchange.identify(CONFIRM_MS, signal);
    } finally {
      connection.close();
      login.release();
    }
  }

  #clientOf(
    ask: WinrmLoginAsk,
    first: WinrmLogin,
    { connectMs, onBroken }: { connectMs: number; onBroken: (why: Failure) => void },
  ): WinrmClient {
    const { clock, random } = this.#deps;
    const { entry } = ask;
    const target = targetOf(ask);
    let isFirst = true;
    const connect = (): WsmanConnection => {
      const login = isFirst ? first : new WinrmLogin(this.#deps, { ...ask, expectedKey: first.seenKey });
      const limit = isFirst ? connectMs : CONNECT_MS;
      isFirst = false;
      const opened = openWsmanConnection(target, login, { clock, connectMs: limit, loginMs: LOGIN_MS });
      return watchedConnection(opened, onBroken);
    };
    return new WinrmClient({ connect, clock, random, name: entry.name });
  }
}

/** Whether it is a WS-Management service that lets us in is asked first: then a refusal is of the facts, not of the login. */
async function factsOf(client: WinrmClient, signal: AbortSignal): Promise<Outcome<MetFacts>> {
  const service = await client.identify(signal);
  if (!service.ok) return service;
  const facts = await readWindowsFacts(client.cim, (request) => client.run(request, signal), signal);
  return facts.ok ? succeed({ ...facts.value, service: service.value }) : facts;
}

type MetFacts = DeviceFacts & { service: WsmanIdentity };

const targetOf = ({ entry, way, address }: WinrmLoginAsk) => ({
  ...{ name: entry.name, host: entry.address, address, port: way.port },
  scheme: way.isTls ? ('https' as const) : ('http' as const),
});

const placeOf = ({ port, isTls }: WinrmWay) => `${port} ${isTls ? 'tls' : 'plain'}`;

/** Messages begin with the device's name, which is said once. */
const tailOf = ({ detail }: Failure, name: string) =>
  detail.startsWith(`${name}: `) ? detail.slice(name.length + 2) : detail;
