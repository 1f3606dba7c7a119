// A model of one Windows machine: who it is, how long it has been up, and the CIM repository that answers from both. Simulated, and says so.
import type { Clock, EpochMs } from '#shared/base/clock.ts';
import { type Reading, readingAt } from '#test/lab/device-load.ts';
import { type DeviceModel, deviceModel } from '#test/lab/device-model.ts';
import { type CimLimitsOfHost, CimRepository } from './cim-repository.ts';
import { windowsHardware } from './windows-hardware.ts';
import { windowsNetwork } from './windows-network.ts';
import { windowsPerformance } from './windows-performance.ts';
import { windowsSecurity } from './windows-security.ts';
import { windowsSoftware } from './windows-software.ts';

export interface WindowsMachineOptions {
  seed: number;
  index: number;
  clock: Clock;
  /** Its address, told in its network configuration. */
  address: string;
  /** NetBIOS domain it belongs to; undefined for a workgroup. */
  domain?: string | undefined;
}

/** What is wrong with it; each absent member is as the machine's number makes it. */
export interface WindowsTrouble {
  certificateEndsAt?: EpochMs;
  isRebootPending?: boolean;
  updatedAt?: EpochMs;
  /** A security update waits. */
  needsUpdate?: boolean;
  /** One entry after the other from a moment on, instead of what the log says else. */
  flood?: { log: string; level: 'error' | 'warning'; everyMs: number; since: EpochMs };
}

/** What the classes are made from. */
export interface MachineView {
  readonly base: DeviceModel;
  readonly name: string;
  readonly address: string;
  readonly domain: string | undefined;
  readonly machineGuid: string;
  readonly isServer: boolean;
  readonly bootedAt: EpochMs;
  /** Drive letters of its disks, in their order. */
  readonly letters: readonly string[];
  /** Services that a test stopped, lower case. */
  readonly stopped: ReadonlySet<string>;
  /** Event logs that somebody cleared, lower case, and when: their numbers begin anew there. */
  readonly clearedLogs: ReadonlyMap<string, EpochMs>;
  readonly trouble: WindowsTrouble;
  now(): EpochMs;
  reading(): Reading;
}

const ROLES = ['DC', 'FS', 'SQL', 'APP', 'RDS', 'WS'];

/** Far from the machines of the SSH lab, which may stand in the same site: no identifier of theirs is of one here. */
const FIRST_INDEX = 8_192;

const guid = (text: string) => text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

export class WindowsMachine implements MachineView {
  readonly base: DeviceModel;
  readonly name: string;
  readonly address: string;
  readonly domain: string | undefined;
  readonly machineGuid: string;
  readonly isServer: boolean;
  readonly cim: CimRepository;
  readonly letters = ['C:', 'D:', 'E:'];
  readonly stopped = new Set<string>();
  readonly clearedLogs = new Map<string, EpochMs>();
  /** Files that a client wrote, by lower-case path. */
  readonly files = new Map<string, Buffer>();
  /** What the login may see of its classes; whoever runs the host says. */
  sees: () => CimLimitsOfHost = () => ({ deniedClasses: [], missingClasses: [], deniedNamespaces: [] });
  /** Scripts that PowerShell was given, in their order. */
  readonly ran: string[] = [];
  trouble: WindowsTrouble = {};
  readonly #clock: Clock;
  #bootedAt: EpochMs;

  constructor({ seed, index, clock, address, domain }: WindowsMachineOptions) {
    this.base = deviceModel(seed, FIRST_INDEX + index);
    const role = ROLES[index % ROLES.length] ?? 'WS';
    // 15 letters at most, and a mark that no production machine has.
    this.name = `SIM-${role}-${String(index).padStart(4, '0')}`;
    this.isServer = role !== 'WS';
    this.address = address;
    this.domain = domain;
    this.machineGuid = guid(this.base.machineId);
    this.#clock = clock;
    // Whole seconds, as LastBootUpTime keeps the same value from one question to the next.
    this.#bootedAt = Math.floor((clock.now() - this.base.bootedBeforeMs) / 1_000) * 1_000;
    this.cim = new CimRepository([
      ...windowsPerformance(this),
      ...windowsHardware(this),
      ...windowsSoftware(this),
      ...windowsSecurity(this),
      ...windowsNetwork(this),
    ]);
  }

  get bootedAt(): EpochMs {
    return this.#bootedAt;
  }

  now(): EpochMs {
    return this.#clock.now();
  }

  reading(): Reading {
    return readingAt(this.base, this.#bootedAt, this.#clock.now());
  }

  /** Up again a moment ago, all counters from nothing. */
  reboot(): void {
    this.#bootedAt = Math.floor(this.#clock.now() / 1_000) * 1_000;
  }
}
