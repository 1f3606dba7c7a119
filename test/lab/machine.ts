// One simulated machine: its model, what is wrong with it, its boot, its files and what it has answered so far.
import type { Clock, EpochMs } from '#shared/base/clock.ts';
import { seededBytes, seedFrom } from '#test/fixtures/seeded-random.ts';
import { type Behaviour, HEALTHY } from './behaviour.ts';
import { auditReading, type Reading, readingAt } from './device-load.ts';
import { type DeviceModel, deviceModel } from './device-model.ts';
import { ed25519Key, type SshKey } from './ed25519-key.ts';
import { LabFiles } from './lab-files.ts';
import { ProcessGroups } from './process-groups.ts';
import { type Look, stressedReading } from './stress.ts';

/** The identifiers a machine shows; a clone shows another's. */
export interface Face {
  smbiosUuid: string;
  serial: string;
  machineId: string;
  nics: ReadonlyArray<{ name: string; mac: string }>;
}

export interface MachineCounts {
  index: number;
  connections: number;
  logins: number;
  refusedLogins: number;
  /** Hot polls made; in audit mode also the value of the last one. */
  polls: number;
  /** Of these, written to their end with an exit status. */
  answeredPolls: number;
  identities: number;
  inventories: number;
  /** Commands begun, of technicians and tests. */
  commands: number;
}

export interface MachineOptions {
  seed: number;
  index: number;
  isAudit: boolean;
  clock: Clock;
}

export class SimulatedMachine {
  readonly model: DeviceModel;
  readonly counts: MachineCounts;
  /** Live through a reboot as a disk does. */
  readonly files = new LabFiles();
  /** What runs on it now. */
  readonly groups = new ProcessGroups();
  #behaviour: Behaviour = HEALTHY;
  readonly #seed: number;
  readonly #isAudit: boolean;
  readonly #clock: Clock;
  readonly #keys = new Map<string, SshKey>();
  #bootedAt: EpochMs;
  #boots = 0;
  #last: Look | undefined;

  constructor({ seed, index, isAudit, clock }: MachineOptions) {
    this.model = deviceModel(seed, index);
    this.#seed = seed;
    this.#isAudit = isAudit;
    this.#clock = clock;
    this.#bootedAt = clock.now() - this.model.bootedBeforeMs;
    this.counts = {
      index,
      connections: 0,
      logins: 0,
      refusedLogins: 0,
      polls: 0,
      answeredPolls: 0,
      identities: 0,
      inventories: 0,
      commands: 0,
    };
  }

  get behaviour(): Behaviour {
    return this.#behaviour;
  }

  set behaviour(behaviour: Behaviour) {
    this.#behaviour = behaviour;
  }

  /** The key this machine proves itself with: its own, the cloned machine's, or a stranger's. Made at first use, then kept. */
  get hostKey(): SshKey {
    const { hostKey, cloneOf } = this.#behaviour;
    if (hostKey === 'other')
      return this.#key('other', seededBytes(seedFrom('other-key', this.#seed, this.model.index)));
    const bytes = cloneOf === null ? this.model.hostKeySeed : deviceModel(this.#seed, cloneOf).hostKeySeed;
    return this.#key(`of ${cloneOf ?? this.model.index}`, (target) => {
      target.set(bytes);
      return target;
    });
  }

  /** Says who it is, or whom it is a clone of; counted. */
  identify(): Face {
    this.counts.identities += 1;
    return this.face();
  }

  face(): Face {
    const { cloneOf, cloneKeepsOwnMacs, boardOf } = this.#behaviour;
    if (boardOf !== null) return deviceModel(this.#seed, boardOf);
    if (cloneOf === null) return this.model;
    const { smbiosUuid, serial, machineId, nics } = deviceModel(this.#seed, cloneOf);
    return { smbiosUuid, serial, machineId, nics: cloneKeepsOwnMacs ? this.model.nics : nics };
  }

  get hostname(): string {
    return this.#behaviour.hostname ?? this.model.name;
  }

  /** What the device believes the time is. */
  get wallMs(): EpochMs {
    return this.#clock.now() + this.#behaviour.clockOffMs;
  }

  /** Changes with each boot, as /proc/sys/kernel/random/boot_id does. */
  get bootId(): string {
    const text = Buffer.from(
      seededBytes(seedFrom('boot', this.#seed, this.model.index, this.#boots))(new Uint8Array(16)),
    );
    return text.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  /** Up again a moment ago, all counters from nothing. */
  reboot(): void {
    this.#boots += 1;
    this.#bootedAt = this.#clock.now();
    this.#last = undefined;
  }

  /** The next look at the machine; counts as a poll, whose number an audit reading consists of. */
  poll(): Reading {
    this.counts.polls += 1;
    if (this.#isAudit) return auditReading(this.model, this.counts.polls);
    const at = this.#clock.now();
    const plain = readingAt(this.model, this.#bootedAt, at);
    const told = stressedReading(plain, at, this.#behaviour.stress, this.#last);
    this.#last = { at, plain, told };
    return told;
  }

  #key(name: string, fill: (target: Uint8Array) => Uint8Array): SshKey {
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const key = ed25519Key(fill(new Uint8Array(32)));
    this.#keys.set(name, key);
    return key;
  }
}
