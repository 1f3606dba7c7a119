// The roster a relay works from: the console's last word, kept on disk so that a cut-off site goes on after a restart.
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';
import { Roster, type RosterEntry } from '#shared/model/device.ts';

export interface RosterChange {
  added: RosterEntry[];
  removed: RosterEntry[];
  /** As they are now. */
  changed: RosterEntry[];
}

const EMPTY: Roster = { version: 0, devices: [] };

export class RosterKeeper {
  readonly #file: string;
  #roster: Roster;
  #byDevice: ReadonlyMap<DeviceId, RosterEntry>;

  /** Begins with version 0, which the console answers with a roster, where there is no file or none that can be read. */
  constructor(file: string, onUnreadable: (detail: string) => void) {
    this.#file = file;
    this.#roster = load(file, onUnreadable);
    this.#byDevice = index(this.#roster);
  }

  get version(): number {
    return this.#roster.version;
  }

  get devices(): readonly RosterEntry[] {
    return this.#roster.devices;
  }

  get(device: DeviceId): RosterEntry | undefined {
    return this.#byDevice.get(device);
  }

  /** Takes the console's roster, whatever its version: a console restored from a backup counts from there. Durable before it returns. */
  apply(roster: Roster): RosterChange {
    const next = index(roster);
    const former = this.#byDevice;
    const isChanged = (entry: RosterEntry) => {
      const before = former.get(entry.device);
      return before !== undefined && !isSameEntry(before, entry);
    };
    const change = {
      added: roster.devices.filter(({ device }) => !former.has(device)),
      removed: this.#roster.devices.filter(({ device }) => !next.has(device)),
      changed: roster.devices.filter(isChanged),
    };
    writePrivateFile(this.#file, JSON.stringify(roster));
    this.#roster = roster;
    this.#byDevice = next;
    return change;
  }
}

function index(roster: Roster): ReadonlyMap<DeviceId, RosterEntry> {
  const byDevice = new Map(roster.devices.map((entry) => [entry.device, entry]));
  if (byDevice.size !== roster.devices.length) {
    throw new AppError('roster-invalid', `roster ${roster.version}: a device stands in it twice`);
  }
  return byDevice;
}

function load(file: string, onUnreadable: (detail: string) => void): Roster {
  const text = readPrivateFile(file);
  if (text === undefined) return EMPTY;
  try {
    const roster = Roster.parse(JSON.parse(text));
    index(roster);
    return roster;
  } catch (error) {
    onUnreadable(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    return EMPTY;
  }
}

/** Each member of an entry, and whether a login rests on it. */
const RESTS_ON: Readonly<Record<keyof RosterEntry, boolean>> = {
  device: true,
  name: false,
  transport: true,
  address: true,
  port: true,
  credential: true,
  intervalMs: false,
  spn: true,
  realm: true,
  share: true,
  simulated: false,
};

// Object.keys gives texts; those of the record are members of an entry.
const MEMBERS = Object.keys(RESTS_ON) as ReadonlyArray<keyof RosterEntry>;

const isSameEntry = (a: RosterEntry, b: RosterEntry): boolean => MEMBERS.every((member) => a[member] === b[member]);

/** True when a login made for `a` serves `b`. */
export const isSameReach = (a: RosterEntry, b: RosterEntry): boolean =>
  MEMBERS.every((member) => !RESTS_ON[member] || a[member] === b[member]);
