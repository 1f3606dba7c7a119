// What a relay of an older protocol can read of its roster: one device that it cannot would cost it the whole link.
import type { Roster, RosterEntry } from '#shared/model/device.ts';

/** Transports winrm and smb, and members of a device that go with them. */
const WINDOWS_PROTOCOL = 7;

const isOfWindows = ({ transport, spn, realm, share }: RosterEntry): boolean =>
  transport === 'winrm' || transport === 'smb' || spn !== undefined || realm !== undefined || share !== undefined;

/** Without devices that the relay does not know how to reach. What was left out makes it version 0, so that it is sent whole once the relay is newer. */
export function rosterFor(protocol: number, roster: Roster): Roster {
  if (protocol >= WINDOWS_PROTOCOL || !roster.devices.some(isOfWindows)) return roster;
  const devices = roster.devices
    .filter(({ transport }) => transport !== 'winrm' && transport !== 'smb')
    .map(({ spn: _spn, realm: _realm, share: _share, ...known }) => known);
  return { version: 0, devices };
}
