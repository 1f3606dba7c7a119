// The relay's SSH side set against a real peer: one call makes pool, store, breaker and pins as compose does.
import { setMaxListeners } from 'node:events';
import path from 'node:path';
import { CredentialBreaker } from '#relay/transport/credential-breaker.ts';
import { type CredentialInput, CredentialStore } from '#relay/transport/credentials.ts';
import { HandshakeGate } from '#relay/transport/handshake-gate.ts';
import type { IdentityEvent } from '#relay/transport/identity-check.ts';
import { DeviceSessions } from '#relay/transport/pool.ts';
import type { HostKeyPolicy } from '#relay/transport/ssh/host-key.ts';
import { type SshDeadlines, SshTransport } from '#relay/transport/ssh/ssh-transport.ts';
import type { RunRequest, Session } from '#relay/transport/transport.ts';
import { systemClock } from '#shared/base/clock.ts';
import { DeviceId, newId, systemRandom } from '#shared/base/id.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';

/** Never aborts, and may have any number of listeners. */
export const never = new AbortController().signal;
setMaxListeners(0, never);

export interface SshRelay {
  pool: DeviceSessions;
  credentials: CredentialStore;
  pins: Map<DeviceId, DeviceIdentity>;
  events: IdentityEvent[];
  /** A new device at the port; its login is credential "main" unless told. */
  device(port: number, more?: Partial<RosterEntry>): RosterEntry;
  session(entry: RosterEntry): Promise<Session>;
}

export function makeSshRelay(
  folder: string,
  login: CredentialInput,
  options: { deadlines?: Partial<SshDeadlines>; hostKeyPolicy?: HostKeyPolicy } = {},
): SshRelay {
  const clock = systemClock;
  const random = systemRandom;
  const credentials = new CredentialStore(path.join(folder, 'credentials'));
  credentials.add('main', login);
  const pins = new Map<DeviceId, DeviceIdentity>();
  const pinStore = {
    get: (id: DeviceId) => pins.get(id),
    set: (id: DeviceId, identity: DeviceIdentity) => void pins.set(id, identity),
    delete: (id: DeviceId) => void pins.delete(id),
  };
  const ssh = new SshTransport({
    clock,
    random,
    credentials,
    breaker: new CredentialBreaker(clock),
    gate: new HandshakeGate({ clock, random }),
    pins: pinStore,
    ...options,
  });
  const events: IdentityEvent[] = [];
  const pool = new DeviceSessions({
    clock,
    transports: [ssh],
    pins: pinStore,
    onIdentity: (event) => events.push(event),
  });
  return {
    pool,
    credentials,
    pins,
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
