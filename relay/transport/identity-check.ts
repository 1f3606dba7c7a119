// Is this the machine we pinned? Asked of every new session before anybody may use it.
import { type Failure, fail } from '#shared/base/outcome.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { type DeviceIdentity, enrichIdentity, matchIdentity } from '#shared/model/device-identity.ts';
import type { DevicePins } from './pin-store.ts';
import type { Session } from './transport.ts';

/** What the pool tells about a device's identity: first contact, more known than before, or another machine at its address. */
export interface IdentityEvent {
  device: RosterEntry['device'];
  verdict: 'new' | 'enriched' | 'changed';
  /** What the session showed (new, changed) or what is pinned now (enriched). */
  identity: DeviceIdentity;
  system: Session['system'];
  hostname: string | undefined;
  /** For `changed`: the kinds that differ, or why nothing could be compared. */
  detail: string;
}

export interface IdentityDeps {
  pins: DevicePins;
  onIdentity: (event: IdentityEvent) => void;
}

const isEqual = (a: DeviceIdentity, b: DeviceIdentity) => {
  const flat = (identity: DeviceIdentity) => JSON.stringify(Object.entries(identity).sort());
  return flat(a) === flat(b);
};

/** Undefined when the session may be used; pins at first contact. */
export function checkIdentity(entry: RosterEntry, session: Session, deps: IdentityDeps): Failure | undefined {
  const { device } = entry;
  const { identity: seen, system, hostname } = session;
  const tell = (verdict: IdentityEvent['verdict'], identity: DeviceIdentity, detail: string) =>
    deps.onIdentity({ device, verdict, identity, system, hostname, detail });
  const pinned = deps.pins.get(device);
  if (pinned === undefined) {
    deps.pins.set(device, seen);
    tell('new', seen, 'first contact');
    return undefined;
  }
  const match = matchIdentity(pinned, seen);
  // No address leads from `local` to another machine, and some containers show nothing that could be compared.
  if (match.verdict === 'different' || (match.verdict === 'unproven' && entry.transport !== 'local')) {
    const detail =
      match.verdict === 'different' ? `${match.kinds.join(', ')} differ` : 'it shows nothing of what is pinned';
    tell('changed', seen, detail);
    return fail('identity-changed', `${entry.name}: another machine answers at ${entry.address}: ${detail}`);
  }
  const enriched = enrichIdentity(pinned, seen);
  if (!isEqual(pinned, enriched)) {
    deps.pins.set(device, enriched);
    tell('enriched', enriched, 'more is known than before');
  }
  return undefined;
}
