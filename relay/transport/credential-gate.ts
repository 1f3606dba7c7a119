// The one place that hands a login to a transport: it asks what the login is bound to, where the device is and whose word its host key is.
import type { Clock } from '#shared/base/clock.ts';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { Purpose } from '#shared/model/credential.ts';
import type { RosterEntry, TransportKind } from '#shared/model/device.ts';
import { mayOffer, type OfferAsk, type OfferRefusal, PLACE_REFUSALS } from '#shared/model/may-offer.ts';
import type { Credential } from './credentials.ts';
import type { HostKeyPins } from './pin-store.ts';

export interface CredentialSource {
  get(name: string): Outcome<Credential>;
  /** Waits beside that one while logins are being changed. */
  spare?(name: string): Credential | undefined;
  list(): string[];
}

export interface CredentialGateDeps {
  clock: Pick<Clock, 'now'>;
  credentials: CredentialSource;
  pins: HostKeyPins;
  /** What the charter says of this site. */
  site: () => OfferAsk['site'];
  /** True for a device that takes what waits beside the current login, or denies the current one. */
  prefersSpare?: (login: Credential, spare: Credential, entry: RosterEntry) => boolean;
}

/** A login as far as it may be known before the machine has shown its key: no secret. */
export interface PickedLogin {
  readonly name: string;
  readonly version: string;
  readonly isSpare: boolean;
  readonly serves: readonly Purpose[];
  /** Empty for one that is fetched later. */
  readonly user: string;
  /** Those that its binding names; undefined where it names none and any will do. */
  readonly transports: readonly TransportKind[] | undefined;
}

export interface OfferedLogin {
  /** With the secrets that may be offered here, and no other. */
  readonly credential: Credential;
  /** The key the machine must show; undefined: any, at first contact. */
  readonly hostKey: string | undefined;
  /** Which secrets may be offered, whether they are here or will be fetched. */
  readonly allows: { readonly key: boolean; readonly password: boolean };
}

type Ask = Pick<OfferAsk, 'purpose' | 'address' | 'proof'>;

interface Judged {
  credential: Credential;
  allows: OfferedLogin['allows'];
  refusal: OfferRefusal | undefined;
  hostKey: string | undefined;
}

/** Elsewhere a private key opens nothing. */
const KEY_TRANSPORTS: ReadonlySet<string> = new Set(['ssh']);

const BOTH: readonly Purpose[] = ['monitor', 'act'];

/** A roster may name any service: a ticket for it, shown to another machine, is worth something to that one. */
const isForOther = ({ spn, address }: RosterEntry): boolean =>
  spn !== undefined && spn.slice(spn.indexOf('/') + 1).toLowerCase() !== address.toLowerCase();

/** Which purposes one session of this login may serve. */
const servedBy = ({ binding }: Credential): readonly Purpose[] => {
  const purpose = binding?.purpose ?? 'both';
  return purpose === 'both' ? BOTH : [purpose];
};

export class CredentialGate {
  readonly #deps: CredentialGateDeps;

  constructor(deps: CredentialGateDeps) {
    this.#deps = deps;
  }

  /** Asked before a packet leaves: which login it will be, or what is wrong with it wherever the device is. */
  pick(entry: RosterEntry, purpose: Purpose): Outcome<PickedLogin> {
    const judged = this.#choose(entry, { purpose, address: undefined }, PLACE_REFUSALS);
    if (!judged.ok) return judged;
    const { credential } = judged.value;
    const { name, version, user, isSpare = false, binding } = credential;
    return succeed({ name, version, isSpare, serves: servedBy(credential), user, transports: binding?.transports });
  }

  /** The login for the machine at the other end of a connection, or why it gets none. */
  offer(entry: RosterEntry, ask: Ask): Outcome<OfferedLogin> {
    const judged = this.#choose(entry, ask, new Set());
    if (!judged.ok) return judged;
    const { credential, hostKey, allows } = judged.value;
    return succeed({ credential, hostKey, allows });
  }

  /**
   * The login the roster names; for an order that this one does not serve, another that was bound to orders.
   * The roster's word only narrows: what a login is for stands in its binding.
   */
  #choose(entry: RosterEntry, ask: Ask, later: ReadonlySet<OfferRefusal>): Outcome<Judged> {
    if (entry.credential === undefined)
      return fail('credential-missing', `${entry.name}: its roster line names no credential`);
    const named = this.#slotOf(entry.credential, entry);
    if (!named.ok) return named;
    const first = this.#judge(named.value, entry, ask);
    if (first.refusal === undefined || later.has(first.refusal)) return succeed(first);
    if (ask.purpose === 'monitor' || first.refusal !== 'purpose') return this.#refused(first, entry, ask);
    const others = this.#boundToOrders(entry.credential, entry).map((credential) =>
      this.#judge(credential, entry, ask),
    );
    const other = others.find(({ refusal }) => refusal === undefined || later.has(refusal));
    return other === undefined ? this.#refused(others[0] ?? first, entry, ask) : succeed(other);
  }

  /** Of two slots the one this device takes. */
  #slotOf(name: string, entry: RosterEntry): Outcome<Credential> {
    const { credentials, prefersSpare } = this.#deps;
    const current = credentials.get(name);
    const spare = current.ok ? credentials.spare?.(name) : undefined;
    if (!current.ok || spare === undefined) return current;
    return prefersSpare?.(current.value, spare, entry) === true ? succeed(spare) : current;
  }

  #boundToOrders(except: string, entry: RosterEntry): Credential[] {
    return this.#deps.credentials.list().flatMap((name) => {
      const one = name === except ? undefined : this.#slotOf(name, entry);
      return one?.ok === true && one.value.binding?.purpose === 'act' ? [one.value] : [];
    });
  }

  /** Each secret is judged by itself: a key may be allowed where a password is not. */
  #judge(credential: Credential, entry: RosterEntry, asked: Ask): Judged {
    const ask = {
      ...asked,
      device: entry.device,
      transport: entry.transport,
      isForOther: isForOther(entry),
      pin: this.#deps.pins.hostKeyPin(entry.device),
      site: this.#deps.site(),
      now: this.#deps.clock.now(),
    };
    const { binding } = credential;
    // What a hook will give is not known yet: both are judged, and it is held to what was allowed.
    const isFetched = credential.hook !== undefined;
    const holds = {
      key: KEY_TRANSPORTS.has(entry.transport) && (isFetched || credential.key !== undefined),
      password: isFetched || credential.password !== undefined,
    };
    const key = holds.key ? mayOffer(binding, { ...ask, secret: 'key' }) : undefined;
    const password = holds.password ? mayOffer(binding, { ...ask, secret: 'password' }) : undefined;
    const allowed = [key, password].find((verdict) => verdict?.may === true);
    const refused = [key, password].find((verdict) => verdict?.may === false);
    return {
      credential: {
        ...credential,
        key: key?.may === true ? credential.key : undefined,
        password: password?.may === true ? credential.password : undefined,
      },
      refusal: allowed === undefined && refused?.may === false ? refused.why : undefined,
      hostKey: allowed?.may === true ? allowed.hostKey : undefined,
      allows: { key: key?.may === true, password: password?.may === true },
    };
  }

  #refused({ credential, refusal = 'purpose' }: Judged, entry: RosterEntry, { purpose, address }: Ask): Failure {
    const place = address ?? 'its address';
    const why = REASONS[refusal]({ credential: credential.name, device: entry.name, place, purpose });
    return fail('credential-not-allowed', `${entry.name}: ${why}`);
  }
}

interface Words {
  credential: string;
  device: string;
  place: string;
  purpose: Purpose;
}

const accept = (device: string) => `name its host key: rmm device accept ${device} --host-key SHA256:... --yes`;

/** What is wrong, and what a person has to do. */
const REASONS: Record<OfferRefusal, (words: Words) => string> = {
  purpose: ({ credential, purpose }) =>
    purpose === 'act'
      ? `credential ${credential} is for monitoring only; add one with --purpose act, or with both`
      : `credential ${credential} is for orders only; give the device one for monitoring`,
  transport: ({ credential }) => `credential ${credential} is not for this transport; add it again with --transports`,
  expired: ({ credential }) => `credential ${credential} has expired; add or seal it again`,
  weakest: ({ credential }) => `credential ${credential} may be a key only, and holds none`,
  device: ({ credential }) => `credential ${credential} is bound to other devices; add it again with --device`,
  'host-key': ({ credential, device }) =>
    `credential ${credential} vouches for another host key than the pinned one; ${accept(device)}`,
  'unsigned-host-key': ({ device }) => `this site believes no machine at first sight; ${accept(device)}`,
  'no-host-key': ({ device }) =>
    `it shows no key over plain HTTP, and one is pinned or vouched for; make it reachable over TLS, or ${accept(device)}`,
  'ntlm-over-http': ({ credential, purpose }) =>
    purpose === 'act'
      ? 'orders never go out over plain HTTP with NTLM; make the device reachable over TLS, or with Kerberos'
      : `credential ${credential} is not for NTLM over plain HTTP; make the device reachable over TLS, or with Kerberos, or add the login again with --ntlm-over-http`,
  'outside-ranges': ({ credential, place, device }) =>
    `${place} is in none of the ranges of credential ${credential}; add it again with --ranges, or ${accept(device)}`,
  'no-range': ({ credential, place, device }) =>
    `no password goes to ${place}: credential ${credential} has no ranges; add it again with --ranges, or ${accept(device)}`,
};
