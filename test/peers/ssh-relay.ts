// The relay's SSH side set against a real peer: one call makes pool, store, breaker and pins as compose does.
import { setMaxListeners } from 'node:events';
import path from 'node:path';
import { CredentialBreaker } from '#relay/transport/credential-breaker.ts';
import { CredentialGate } from '#relay/transport/credential-gate.ts';
import { type Credential, type CredentialInput, CredentialStore } from '#relay/transport/credentials.ts';
import { HandshakeGate } from '#relay/transport/handshake-gate.ts';
import type { IdentityEvent } from '#relay/transport/identity-check.ts';
import type { LoginHooks } from '#relay/transport/login-hooks.ts';
import { DeviceSessions } from '#relay/transport/pool.ts';
import type { HostKeyPolicy } from '#relay/transport/ssh/host-key.ts';
import { type SshDeadlines, SshTransport } from '#relay/transport/ssh/ssh-transport.ts';
import type { RunRequest, Session } from '#relay/transport/transport.ts';
import { systemClock } from '#shared/base/clock.ts';
import { DeviceId, newId, systemRandom } from '#shared/base/id.ts';
import { succeed } from '#shared/base/outcome.ts';
import type { CredentialBinding } from '#shared/model/credential.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import { hostKeyPinOf, type OfferAsk } from '#shared/model/may-offer.ts';

/** Never aborts, and may have any number of listeners. */
export const never = new AbortController().signal;
setMaxListeners(0, never);

export interface SshRelay {
  pool: DeviceSessions;
  credentials: CredentialStore;
  /** Bound to loopback, unless it says otherwise. */
  addLogin(name: string, login: CredentialInput): void;
  pins: Map<DeviceId, DeviceIdentity>;
  /** Host keys a signer named. */
  signed: Map<DeviceId, string>;
  events: IdentityEvent[];
  /** A new device at the port; its login is credential "main" unless told. */
  device(port: number, more?: Partial<RosterEntry>): RosterEntry;
  session(entry: RosterEntry): Promise<Session>;
}

interface SshRelayOptions {
  /** Logins are fetched by the hook of this name, whatever the store holds. */
  hook?: string;
  hooks?: LoginHooks;
  deadlines?: Partial<SshDeadlines>;
  hostKeyPolicy?: HostKeyPolicy;
  /** What the charter says of the site; by default a machine is believed at first sight. */
  site?: OfferAsk['site'];
}

/** Where the peers are; a login that says nothing of its own is bound to it, so that a password may go there. */
const ON_LOOPBACK: CredentialBinding = { purpose: 'both', ranges: ['127.0.0.0/8'], weakest: 'password' };

export function makeSshRelay(folder: string, login: CredentialInput, options: SshRelayOptions = {}): SshRelay {
  const clock = systemClock;
  const random = systemRandom;
  const credentials = new CredentialStore(path.join(folder, 'credentials'));
  const addLogin = (name: string, more: CredentialInput) => credentials.add(name, { binding: ON_LOOPBACK, ...more });
  addLogin('main', login);
  const pins = new Map<DeviceId, DeviceIdentity>();
  const signed = new Map<DeviceId, string>();
  const { site = { networks: [], isFirstUseAllowed: true }, hook, ...ssh } = options;
  const fetched = (name: string): Credential | undefined =>
    hook === undefined
      ? undefined
      : { name, user: '', password: undefined, key: undefined, binding: ON_LOOPBACK, version: '1', hook };
  const pinStore = {
    get: (id: DeviceId) => pins.get(id),
    set: (id: DeviceId, identity: DeviceIdentity) => void pins.set(id, identity),
    delete: (id: DeviceId) => void pins.delete(id),
  };
  const transport = new SshTransport({
    clock,
    random,
    logins: new CredentialGate({
      clock,
      credentials: {
        get: (name) => {
          const late = fetched(name);
          return late === undefined ? credentials.get(name) : succeed(late);
        },
        list: () => credentials.list(),
      },
      pins: { hostKeyPin: (id) => hostKeyPinOf(pins.get(id)?.hostKey, signed.get(id)) },
      site: () => site,
    }),
    breaker: new CredentialBreaker(clock),
    gate: new HandshakeGate({ clock, random }),
    pins: pinStore,
    ...ssh,
  });
  const events: IdentityEvent[] = [];
  const pool = new DeviceSessions({
    clock,
    transports: [transport],
    pins: pinStore,
    onIdentity: (event) => events.push(event),
  });
  return {
    pool,
    credentials,
    addLogin,
    pins,
    signed,
    events,
    device: (port, more) => {
      const id = DeviceId.parse(newId(clock.now()));
      return {
        device: id,
        name: 'peer',
        transport: 'ssh',
        address: '127.0.0.1',
        port,
        credential: 'main',
        intervalMs: 10_000,
        ...more,
      };
    },
    session: async (entry) => {
      const opened = await pool.session(entry, never);
      if (!opened.ok) throw new Error(`${opened.reason}: ${opened.detail}`);
      return opened.value;
    },
  };
}

export const request = (script: string, more: Partial<RunRequest> = {}): RunRequest => ({
  script,
  timeoutMs: 10_000,
  maxOutputBytes: 1_048_576,
  ...more,
});
