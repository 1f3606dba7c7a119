// When two relays see one machine: which of its devices stays, and who polls it. Pure.
import type { TransportKind } from '#shared/model/device.ts';
import { type DeviceIdentity, matchIdentity } from '#shared/model/device-identity.ts';

/**
 * Are these surely one machine? Everything both show agrees, and among it something that cloning an image does not copy:
 * an interface, the firmware's UUID or the serial. A machine-id and host keys alone are what clones share.
 */
export function isSameMachine(a: DeviceIdentity, b: DeviceIdentity): boolean {
  if (matchIdentity(a, b).verdict !== 'same') return false;
  const sharesInterface = a.macs.some((mac) => b.macs.includes(mac));
  const shares = (kind: 'smbiosUuid' | 'serial') => a[kind] !== undefined && a[kind] === b[kind];
  return sharesInterface || shares('smbiosUuid') || shares('serial');
}

/** One way to a machine: who polls, and how. */
interface Way {
  /** Of the relay that polls it; null when none does, or a revoked one. */
  relayKind: 'site' | 'leaf' | null;
  transport: TransportKind;
}

/**
 * `take-over`: the machine keeps the older device, polled the new way. `merge`: it keeps the older device and the older
 * way; the new one goes. `apart`: both stay, and people are told.
 */
export type Settlement = 'take-over' | 'merge' | 'apart';

/** `fresh` shows the identity now; `older` is known by it already. */
export function settle(older: Way, fresh: Way): Settlement {
  // On its own machine a leaf knows best, wherever the machine roams.
  if (fresh.relayKind === 'leaf') return 'take-over';
  // Nobody polls it any more.
  if (older.relayKind === null) return 'take-over';
  if (older.relayKind === 'leaf') return 'merge';
  // A site relay that was installed anew meets the machine it stands on.
  if (older.transport === 'local' && fresh.transport === 'local') return 'take-over';
  return 'apart';
}
