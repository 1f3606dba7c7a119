// Signed commands in a steady stream while everything breaks: each leaves a mark on its devices, so that a second run shows.
import type { Api } from '#console/cli/client.ts';
import { signRun } from '#console/cli/sign-run.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import type { Estate, EstateRelay } from './estate.ts';
import { withDatabase } from './stream-content.ts';

export interface OrdersAudit {
  /** Orders the API took. */
  orders: number;
  /** Orders that found no console, or one that died before it answered. */
  notTaken: number;
  /** Commands on devices that a relay reported as run to their end. */
  succeeded: number;
  /** Commands that ran more than once. */
  ranTwice: number;
  /** Reported as a success and never run. */
  untrue: number;
  /** Taken by the API and without a final state after the drain, or not known to it at all. */
  unsettled: number;
}

interface Order {
  id: string;
  /** Did the API say that it has it? Where the answer was lost, nobody knows. */
  isTaken: boolean;
  file: string;
  /** Numbers of its devices in the lab, by their ids. */
  devices: Map<string, number>;
}

/** Some twenty orders of two devices each per relay and minute: near the cap of 25 devices in ten minutes, so that some are refused. */
const EVERY_MS = 500;
const DEVICES_PER_ORDER = 2;
const VALID_MS = 120_000;
const TIMEOUT_MS = 5_000;

export class Orders {
  readonly #estate: Estate;
  readonly #random: () => number;
  readonly #orders: Order[] = [];
  readonly #targets = new Map<number, DeviceTarget[]>();
  #refused = 0;

  constructor(estate: Estate, random: () => number) {
    this.#estate = estate;
    this.#random = random;
  }

  /** Orders until the signal aborts; a console that is dead right now costs one order. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const relay = this.#estate.relays[Math.floor(this.#random() * this.#estate.relays.length)];
      if (relay !== undefined) await this.#order(relay).catch(() => (this.#refused += 1));
      await systemClock.sleep(EVERY_MS, signal).catch(() => undefined); // over
    }
  }

  /** Has every order that the API took its final states? */
  isSettled(): boolean {
    const open = withDatabase(this.#estate.consoleFile, (db) =>
      db.prepare<[], { n: number }>("select count(*) as n from action where state <> 'settled'").get(),
    );
    return open?.n === 0;
  }

  async audit(): Promise<OrdersAudit> {
    const outcomes = this.#outcomes();
    const sum = { orders: 0, notTaken: this.#refused, succeeded: 0, ranTwice: 0, untrue: 0, unsettled: 0 };
    for (const order of this.#orders) {
      if (order.isTaken) sum.orders += 1;
      for (const [device, index] of order.devices) {
        const runs = (await this.#estate.lab.file(index, order.file))?.split('\n').length ?? 1;
        // The file ends with a newline: one line splits into two.
        const times = runs - 1;
        const state = outcomes.get(`${order.id} ${device}`);
        if (times > 1) sum.ranTwice += 1;
        if (state === 'succeeded') sum.succeeded += 1;
        if (state === 'succeeded' && times === 0) sum.untrue += 1;
        if (order.isTaken && (state === undefined || !FINAL.has(state))) sum.unsettled += 1;
      }
    }
    return sum;
  }

  #outcomes(): Map<string, string> {
    const rows = withDatabase(this.#estate.consoleFile, (db) =>
      db
        .prepare<[], { id: string; device: string; state: string }>(
          'select action_id as id, device_id as device, state from action_outcome',
        )
        .all(),
    );
    return new Map(rows.map(({ id, device, state }) => [`${id} ${device}`, state]));
  }

  async #order(relay: EstateRelay): Promise<void> {
    const { api, consoleData } = this.#estate;
    const targets = await this.#known(relay, api);
    const start = Math.floor(this.#random() * targets.length);
    const chosen = [...targets.slice(start), ...targets.slice(0, start)].slice(0, DEVICES_PER_ORDER);
    if (chosen.length === 0) return;
    const file = `/tmp/order-${this.#orders.length}`;
    const run = {
      targets: chosen,
      action: { name: 'command.run' as const, arguments: { command: `echo run >> ${file}` } },
      timeoutMs: TIMEOUT_MS,
      outputBytes: 4_096,
      concurrency: 1,
      reason: 'chaos',
      validForMs: VALID_MS,
    };
    const signed = await signRun(api, consoleData, run, systemClock);
    const id = /"id":"([0-9a-f-]{36})"/.exec(signed[0]?.manifest ?? '')?.[1] ?? '';
    const names = new Map(relay.devices.map(({ name, index }) => [name, index]));
    const devices = new Map(chosen.map((target) => [String(target.id), names.get(target.name) ?? -1]));
    const order: Order = { id, isTaken: false, file, devices };
    this.#orders.push(order);
    await api.actions.submit({ signed });
    order.isTaken = true;
  }

  /** Devices of a relay that were met once: an order names machines, not addresses. */
  async #known({ index, site, devices }: EstateRelay, api: Api): Promise<DeviceTarget[]> {
    const known = this.#targets.get(index) ?? [];
    if (known.length === devices.length) return known;
    const { targets } = await api.devices.targets({ siteId: site });
    const met = targets.filter(({ identity }) => identity.machineId !== undefined);
    this.#targets.set(index, met);
    return met;
  }
}

const FINAL = new Set(['succeeded', 'failed', 'expired', 'refused', 'cancelled', 'unknown']);
