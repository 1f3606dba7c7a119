// The relay's WinRM side set against a fake Windows host: one call makes pool, store, breaker, pins and floor as compose does.
import { setMaxListeners } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { StoredDevicePins } from '#relay/pin/device-pins.ts';
import { CredentialBreaker, type StoppedLogin } from '#relay/transport/credential-breaker.ts';
import { CredentialGate } from '#relay/transport/credential-gate.ts';
import { type Credential, type CredentialInput, CredentialStore } from '#relay/transport/credentials.ts';
import { HandshakeGate } from '#relay/transport/handshake-gate.ts';
import type { IdentityEvent } from '#relay/transport/identity-check.ts';
import type { LoginHooks } from '#relay/transport/login-hooks.ts';
import { DeviceSessions } from '#relay/transport/pool.ts';
import { SshTransport } from '#relay/transport/ssh/ssh-transport.ts';
import type { Session, SessionWay } from '#relay/transport/transport.ts';
import { type LostWay, WayKeeper } from '#relay/transport/way-keeper.ts';
import type { KerberosSource } from '#relay/transport/winrm/winrm-login.ts';
import { WinrmTransport } from '#relay/transport/winrm/winrm-transport.ts';
import type { WinrmPorts } from '#relay/transport/winrm/winrm-ways.ts';
import { systemClock } from '#shared/base/clock.ts';
import { DeviceId, ManifestId, newId, type RandomBytes, systemRandom } from '#shared/base/id.ts';
import { type Outcome, succeed } from '#shared/base/outcome.ts';
import type { CredentialBinding, Purpose } from '#shared/model/credential.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { OfferAsk } from '#shared/model/may-offer.ts';

const never = new AbortController().signal;
setMaxListeners(0, never);

const ORDER = ManifestId.parse('00000000-0000-7000-8000-00000000aaaa');

export interface WinrmRelay {
  pool: DeviceSessions;
  pins: StoredDevicePins;
  addLogin(name: string, login: CredentialInput): void;
  events: IdentityEvent[];
  told: SessionWay[];
  lost: LostWay[];
  stopped: StoppedLogin[];
  device(more?: Partial<RosterEntry>): RosterEntry;
  open(entry: RosterEntry, purpose?: Purpose): Promise<Outcome<Session>>;
  stop(): Promise<void>;
}

interface WinrmRelayOptions {
  ports?: WinrmPorts;
  hook?: string;
  hooks?: LoginHooks;
  kerberos?: KerberosSource;
  site?: OfferAsk['site'];
  random?: RandomBytes;
}

/** A login that says nothing of its own may monitor on loopback. */
export const MONITOR: CredentialBinding = { purpose: 'monitor', ranges: ['127.0.0.0/8'], weakest: 'password' };

export function makeWinrmRelay(folder: string, options: WinrmRelayOptions): WinrmRelay {
  const clock = systemClock;
  const { random = systemRandom } = options;
  mkdirSync(path.join(folder, 'identity'), { recursive: true });
  const pins = new StoredDevicePins(folder);
  const credentials = new CredentialStore(path.join(folder, 'credentials'));
  const { site = { networks: [], isFirstUseAllowed: true }, hook, hooks, kerberos, ports } = options;
  const fetched = (name: string): Credential | undefined =>
    hook === undefined
      ? undefined
      : { name, user: '', password: undefined, key: undefined, binding: MONITOR, version: '1', hook };
  const [told, lost, stopped]: [SessionWay[], LostWay[], StoppedLogin[]] = [[], [], []];
  const ways = new WayKeeper({
    store: pins,
    pins,
    onWay: (_, way) => told.push(way),
    onLost: (one) => lost.push(one),
  });
  const meeting = {
    ...{ clock, random, pins },
    logins: new CredentialGate({
      clock,
      pins,
      credentials: {
        get: (name) => {
          const late = fetched(name);
          return late === undefined ? credentials.get(name) : succeed(late);
        },
        list: () => credentials.list(),
      },
      site: () => site,
    }),
    breaker: new CredentialBreaker(clock, (one) => stopped.push(one)),
    gate: new HandshakeGate({ clock, random }),
    ...(hooks && { hooks }),
  };
  const ssh = new SshTransport(meeting);
  const transport = new WinrmTransport({ ...meeting, ssh, ways, kerberos, ...(ports && { ports }) });
  const events: IdentityEvent[] = [];
  const pool = new DeviceSessions({
    ...{ clock, transports: [transport], pins, ways },
    onIdentity: (event) => events.push(event),
  });
  return {
    ...{ pool, pins, events, told, lost, stopped },
    addLogin: (name, login) => credentials.add(name, { binding: MONITOR, ...login }),
    device: (more) => ({
      device: DeviceId.parse(newId(clock.now())),
      name: 'win',
      transport: 'winrm',
      address: '127.0.0.1',
      credential: 'main',
      intervalMs: 10_000,
      ...more,
    }),
    open: (entry, purpose = 'monitor') =>
      pool.session(entry, never, purpose === 'monitor' ? { purpose } : { purpose, order: ORDER }),
    stop: async () => {
      await pool.stop();
      pins.stop();
    },
  };
}
