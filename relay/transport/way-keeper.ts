// Holds each device to the strongest way it was ever reached by: losing that is told, and nothing weaker is tried.
import type { DeviceId } from '#shared/base/id.ts';
import { type Failure, fail } from '#shared/base/outcome.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { HostKeyPins } from './pin-store.ts';
import type { SessionWay } from './transport.ts';
import { higher, isWeaker, type WayStrength, wayWords } from './way-rank.ts';

/** Durable, beside the pins; a signed order that names the machine anew forgets the floor. */
export interface WayStore {
  floor(device: DeviceId): SessionWay | undefined;
  /** Last told to the console. */
  toldWay(device: DeviceId): SessionWay | undefined;
  setWays(device: DeviceId, ways: { floor: SessionWay; told: SessionWay }): void;
}

export interface LostWay {
  device: DeviceId;
  /** A sentence: what is lost, and what to do. */
  detail: string;
}

interface WayKeeperDeps {
  store: WayStore;
  pins: HostKeyPins;
  /** At first contact, and when it changes. */
  onWay: (device: DeviceId, way: SessionWay) => void;
  /** Once, until the device is reached again. */
  onLost: (lost: LostWay) => void;
}

/** What shows a machine's key; over SMB it is shown behind the login, by the answers. */
const KEY_SEALS: Readonly<Record<RosterEntry['transport'], SessionWay['seal']>> = {
  local: 'none',
  ssh: 'ssh',
  winrm: 'tls',
  smb: 'sealed',
};

type Named = Pick<RosterEntry, 'device' | 'name' | 'transport'>;

/** Told is what people see: a detail such as a TLS version is part of it. */
const sameWay = (a: SessionWay, b: SessionWay | undefined) =>
  b !== undefined &&
  a.transport === b.transport &&
  a.port === b.port &&
  a.auth === b.auth &&
  a.seal === b.seal &&
  a.detail === b.detail;

export class WayKeeper {
  readonly #deps: WayKeeperDeps;
  readonly #lost = new Set<DeviceId>();

  constructor(deps: WayKeeperDeps) {
    this.#deps = deps;
  }

  /** A pinned key without a floor, as of a device that a signer named: it must show that key. */
  floorOf({ device, transport }: Pick<RosterEntry, 'device' | 'transport'>): SessionWay | undefined {
    const { store, pins } = this.#deps;
    const floor = store.floor(device);
    if (floor !== undefined) return floor;
    if (pins.hostKeyPin(device).by === 'nobody') return undefined;
    return { transport, auth: 'none', seal: KEY_SEALS[transport] };
  }

  isAllowed(entry: Pick<RosterEntry, 'device' | 'transport'>, way: WayStrength): boolean {
    const floor = this.floorOf(entry);
    return floor === undefined || !isWeaker(way, floor);
  }

  /** Why the device is not reached: `why` says what is wrong with the way it was reached by. */
  lost({ device, name, transport }: Named, why: string): Failure {
    const detail = `${name}: ${why}${this.#floorText({ device, transport })}`;
    if (!this.#lost.has(device)) {
      this.#lost.add(device);
      const todo = `Make it answer as before, or have a signer accept the machine anew: rmm device accept ${name} --host-key SHA256:... --yes`;
      this.#deps.onLost({ device, detail: `${detail}. ${todo}` });
    }
    return fail('refused', detail);
  }

  /** The same sentence for a device that may just be switched off: nobody is alarmed by it. */
  explain(entry: Pick<RosterEntry, 'device' | 'transport'>, failure: Failure): Failure {
    return fail(failure.reason, `${failure.detail}${this.#floorText(entry)}`);
  }

  #floorText(entry: Pick<RosterEntry, 'device' | 'transport'>): string {
    const floor = this.floorOf(entry);
    if (floor === undefined) return '';
    const how = floor.auth === 'none' ? 'its key is pinned' : `this device was last reached ${wayWords(floor)}`;
    return `; ${how}: not tried over anything weaker`;
  }

  /** A session that showed the pinned identity; a failure when it rests on less than the floor. */
  reached(entry: Named, way: SessionWay): Failure | undefined {
    const { store, onWay } = this.#deps;
    if (!this.isAllowed(entry, way)) return this.lost(entry, `it answers ${wayWords(way)}`);
    const { device } = entry;
    this.#lost.delete(device);
    const floor = higher(way, store.floor(device));
    const isNews = !sameWay(way, store.toldWay(device));
    if (isNews || !sameWay(floor, store.floor(device))) store.setWays(device, { floor, told: way });
    if (isNews) onWay(device, way);
    return undefined;
  }
}
