// What a device hangs on, a switch or a host: said by a person, or learnt from its gateway where that is a device of the same site.
import { by, type Caller } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import type { Audit } from '#console/audit/audit.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { allSites, readHops } from './hop-repository.ts';
import { learntParents } from './learnt-parents.ts';
import { type HangingDevice, hangingAt, lockHanging, setParent } from './parent-repository.ts';

/** A site whose devices told of their network is looked at this often: its devices tell within minutes of each other. */
const LEARN_EVERY_MS = 30_000;

export interface ParentsDeps {
  store: Store;
  audit: Audit;
  clock: Clock;
  log: Logger;
  /** After the commit: relays of devices whose parent is another. */
  onParents: (relays: readonly RelayId[]) => void;
}

export class Parents {
  readonly #deps: ParentsDeps;
  /** Devices that said something new of where they are; their sites are looked up when it is time. */
  #told = new Set<string>();
  #isAllTold = true;

  constructor(deps: ParentsDeps) {
    this.#deps = deps;
  }

  /** `isLearnt`: nobody says any more. Throws `not-found`, and `bad-request` for another site or a circle. */
  async set(caller: Caller, scope: Scope, id: DeviceId, said: { parent: DeviceId | null; isLearnt: boolean }) {
    const { store, audit } = this.#deps;
    const parent = said.isLearnt ? null : said.parent;
    await store.transaction(async (tx) => {
      const site = await lockHanging(tx, scope, id);
      const device = site.find((one) => one.id === id);
      if (device === undefined) throw new AppError('not-found', `no device ${id}`);
      if (parent !== null) assertParent(site, device, parent);
      await setParent(tx, id, { parent, by: said.isLearnt ? null : 'hand' });
      afterCommit(() => {
        if (said.isLearnt) this.onDevicesTold([id]);
        if (device.relay !== null) this.#deps.onParents([device.relay]);
      });
      const detail = { device: device.name, parent, learnt: said.isLearnt };
      await audit.append(tx, {
        ...{ ...by(caller), verb: 'device.set-parent', resource: `device:${id}`, outcome: 'ok', detail },
      });
    });
  }

  /** They are new, moved, or told of their network. */
  onDevicesTold(ids: Iterable<string>): void {
    for (const id of ids) this.#told.add(id);
  }

  onFacts(facts: ReadonlyArray<{ device: string; kind: string }>): void {
    this.onDevicesTold(facts.filter(({ kind }) => kind === 'network').map(({ device }) => device));
  }

  /** Learns until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#deps;
    while (!signal.aborted) {
      await clock.sleep(LEARN_EVERY_MS, signal).catch(() => undefined); // only the signal rejects a sleep
      if (signal.aborted) return;
      await this.learn(signal).catch((error: unknown) => {
        this.#isAllTold = true;
        log.error(describeError(error), 'what devices hang on could not be learnt');
      });
    }
  }

  /** Looks at the sites of all that told something; at first at every site. */
  async learn(signal?: AbortSignal): Promise<void> {
    const { db } = this.#deps.store;
    const told = this.#told;
    const isAll = this.#isAllTold;
    if (!isAll && told.size === 0) return;
    this.#told = new Set();
    this.#isAllTold = false;
    for (const site of await allSites(db, isAll ? undefined : [...told])) {
      if (signal?.aborted === true) return;
      await this.#learnAt(site);
    }
  }

  async #learnAt(site: SiteId): Promise<void> {
    const { store } = this.#deps;
    const learnt = learntParents(await readHops(store.db, site));
    await store.transaction(async (tx) => {
      const devices = await hangingAt(tx, site);
      const relays = new Set<RelayId>();
      for (const device of devices) {
        const found = learnt.get(device.id) ?? null;
        if (device.isByHand || device.parent === found) continue;
        // A hand-set one further up may have made a circle of it.
        if (found !== null && leadsTo(devices, found, device.id)) continue;
        await setParent(tx, device.id, { parent: found, by: found === null ? null : 'learnt' });
        device.parent = found;
        if (device.relay !== null) relays.add(device.relay);
      }
      if (relays.size > 0) afterCommit(() => this.#deps.onParents([...relays]));
    });
  }
}

function assertParent(site: readonly HangingDevice[], device: HangingDevice, parent: DeviceId): void {
  if (!site.some(({ id }) => id === parent))
    throw new AppError('bad-request', `${device.name}: hangs on a device of its own site; ${parent} is none`);
  if (leadsTo(site, parent, device.id))
    throw new AppError('bad-request', `${device.name}: that device hangs on it, or is itself`);
}

/** Whether `from`, or what it hangs on, is `to`. */
function leadsTo(devices: readonly HangingDevice[], from: DeviceId, to: DeviceId): boolean {
  const byId = new Map(devices.map((device) => [device.id, device]));
  const seen = new Set<DeviceId>();
  for (let at: DeviceId | null | undefined = from; at != null && !seen.has(at); at = byId.get(at)?.parent) {
    if (at === to) return true;
    seen.add(at);
  }
  return false;
}
