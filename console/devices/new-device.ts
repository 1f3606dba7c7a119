// A new device as whoever adds it wished it, completed by the defaults of its site. Pure.
import type { RelayId } from '#shared/base/id.ts';
import type { DeviceType, TransportKind } from '#shared/model/device.ts';
import type { SiteDefaults } from '#shared/model/site.ts';

/** What is undefined is as the site says; null is "none", whatever the site says. */
export interface NewDevice {
  relayId: RelayId;
  name: string;
  transport?: TransportKind | undefined;
  address: string;
  port?: number | null | undefined;
  credential?: string | null | undefined;
  intervalMs?: number | undefined;
  spn?: string | null | undefined;
  realm?: string | null | undefined;
  share?: string | null | undefined;
  isSimulated?: boolean | undefined;
  tags?: readonly string[] | undefined;
  notes?: string | undefined;
  type?: DeviceType | null | undefined;
}

export interface CompleteDevice extends NewDevice {
  transport: TransportKind;
  port: number | null;
  credential: string | null;
  intervalMs: number;
  spn: string | null;
  realm: string | null;
  share: string | null;
  tags: readonly string[];
}

/** Where neither the wish nor the site says anything. */
const PLAIN = { transport: 'ssh', intervalMs: 60_000 } as const;

/** Everything but who polls it, which the defaults of a site do not complete. */
type Placeless<D extends NewDevice> = Omit<D, 'relayId'>;

export function completeDevice<D extends Placeless<NewDevice>>(
  device: D,
  defaults: SiteDefaults,
): D & Placeless<CompleteDevice> {
  const usual = defaults.transport ?? PLAIN.transport;
  const transport = device.transport ?? usual;
  // A port and a login belong to their transport: those of SSH say nothing about another one.
  const isUsual = transport === usual;
  return {
    ...device,
    transport,
    port: device.port === undefined ? ((isUsual ? defaults.port : undefined) ?? null) : device.port,
    credential:
      device.credential === undefined ? ((isUsual ? defaults.credential : undefined) ?? null) : device.credential,
    spn: device.spn ?? null,
    realm: device.realm === undefined ? ((transport === 'winrm' ? defaults.realm : undefined) ?? null) : device.realm,
    share: device.share === undefined ? ((transport === 'smb' ? defaults.share : undefined) ?? null) : device.share,
    intervalMs: device.intervalMs ?? defaults.intervalMs ?? PLAIN.intervalMs,
    tags: [...new Set(device.tags ?? defaults.tags ?? [])],
  };
}
