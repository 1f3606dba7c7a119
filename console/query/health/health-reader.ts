// Puts together what the health of a device rests on: its row of the fleet, its facts by their content, its open alerts.
import type { FleetRows } from '#console/query/fleet-rows.ts';
import type { Db } from '#console/store/engine.ts';
import {
  type FactChecks,
  factChecks,
  type HealthInputs,
  type OpenAlerts,
  PART_OF_ALERT,
} from '#shared/judge/health/inputs.ts';
import { shippedPresence } from '#shared/judge/layers/presence.ts';
import { type Presence, severityRank } from '#shared/model/alert-words.ts';
import type { DeviceStatus, DeviceType } from '#shared/model/device.ts';
import { isAway } from '#shared/model/device-words.ts';
import { type HealthFactRow, type OpenAlertRow, readFactBodies, readHealthFacts } from './health-repository.ts';

/** A scan has 3 KB: half a megabyte is parsed between two turns of others. */
const BODIES_AT_ONCE = 200;

/** The worst of each part, by device. */
export function worstAlerts(rows: readonly OpenAlertRow[]): Map<string, OpenAlerts> {
  const found = new Map<string, OpenAlerts>();
  for (const { device, type, severity } of rows) {
    const alerts = found.get(device) ?? {};
    const part = PART_OF_ALERT[type];
    const worst = alerts[part];
    if (worst === undefined || severityRank(severity) < severityRank(worst)) alerts[part] = severity;
    found.set(device, alerts);
  }
  return found;
}

/** Facts of thousands of devices are a few hundred bodies: each is read once, and kept while a device has it. */
export class FactBook {
  #known = new Map<string, FactChecks>();
  #used = new Map<string, FactChecks>();

  async read(db: Db, devices: readonly string[]): Promise<Map<string, HealthInputs['facts']>> {
    const rows = await readHealthFacts(db, devices);
    await this.#learn(db, rows);
    const found = new Map<string, HealthInputs['facts']>();
    for (const { device, kind, hash, seenAt } of rows) {
      const checks = this.#used.get(hash);
      if (checks === undefined) continue;
      const facts = found.get(device) ?? {};
      facts[kind] = { at: seenAt, checks };
      found.set(device, facts);
    }
    return found;
  }

  async #learn(db: Db, rows: readonly HealthFactRow[]): Promise<void> {
    const unknown = new Set<string>();
    for (const { hash } of rows) {
      const known = this.#used.get(hash) ?? this.#known.get(hash);
      if (known === undefined) unknown.add(hash);
      else this.#used.set(hash, known);
    }
    const hashes = [...unknown];
    for (let from = 0; from < hashes.length; from += BODIES_AT_ONCE)
      for (const [hash, body] of await readFactBodies(db, hashes.slice(from, from + BODIES_AT_ONCE)))
        this.#used.set(hash, factChecks(JSON.parse(body)));
  }

  /** After all devices were read: what none of them has any more is forgotten. */
  turn(): void {
    this.#known = this.#used;
    this.#used = new Map();
  }
}

const known = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : value;

export interface Beside {
  now: number;
  facts: HealthInputs['facts'] | undefined;
  alerts: OpenAlerts | undefined;
  /** Where a layer of settings says so. */
  presence: Presence | undefined;
}

/** One that is away does not answer; whether people mind is said by its presence. */
function heldStatus(rows: FleetRows, row: number): DeviceStatus {
  // Words as the database and the index have them.
  const status = rows.textOf('status', row) as DeviceStatus;
  return isAway({ status, statusReason: rows.textOf('reason', row) }) ? 'down' : status;
}

export function inputsOf(rows: FleetRows, row: number, { now, facts, alerts, presence }: Beside): HealthInputs {
  const { numbers } = rows;
  return {
    now,
    status: heldStatus(rows, row),
    statusAt: known(numbers.statusAt[row]),
    presence: presence ?? shippedPresence(rows.textOf('type', row) as DeviceType),
    polledAt: known(numbers.polled[row]),
    intervalMs: numbers.interval[row] ?? 0,
    cpu: known(numbers.cpu[row]),
    memory: known(numbers.memory[row]),
    disk: known(numbers.disk[row]),
    mount: rows.textOf('mount', row),
    facts: facts ?? {},
    alerts: alerts ?? {},
  };
}
