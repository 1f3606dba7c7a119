// Tags: words people sort devices by. Put on and taken off many devices at once, renamed and removed everywhere.
import { by, type Caller } from '#console/access/can.ts';
import { mustKeepRights } from '#console/access/right-bearers.ts';
import { type Scope, seesEverything } from '#console/access/scope.ts';
import type { Audit } from '#console/audit/audit.ts';
import { conflictWhen } from '#console/store/broken-rule.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { MAX_TAGS } from '#shared/model/device.ts';
import { lockDevices } from './device-repository.ts';
import { lockGroups, setRule } from './group-repository.ts';
import { renameInRule } from './rule-names.ts';
import { deleteTags, devicesTagged, findOvertagged, insertTags, listTags, renameInDefaults } from './tag-repository.ts';

/** Told after the commit. */
export interface TagOutlets {
  onTagsChanged?: ((devices: readonly DeviceId[]) => void) | undefined;
  /** A rule of a group names a tag by its new name. */
  onGroupsChanged?: (() => void) | undefined;
}

export interface TagChange {
  devices: readonly DeviceId[];
  add: readonly string[];
  remove: readonly string[];
}

// About a second of one core; a whole fleet of 25,000 gets four tags in one act.
const MAX_PLACED = 100_000;

export class Tags {
  #store: Store;
  #audit: Audit;
  #clock: Clock;
  #outlets: TagOutlets;

  constructor(deps: { store: Store; audit: Audit; clock: Clock; outlets?: TagOutlets }) {
    this.#clock = deps.clock;
    this.#store = deps.store;
    this.#audit = deps.audit;
    this.#outlets = deps.outlets ?? {};
  }

  list(scope: Scope): Promise<Array<{ tag: string; devices: number }>> {
    return listTags(this.#store.db, scope);
  }

  /** All or none. Devices that are gone are passed over; returns how many changed. `conflict` where one had too many. */
  async change(caller: Caller, scope: Scope, change: TagChange): Promise<number> {
    const add = [...new Set(change.add)];
    const remove = [...new Set(change.remove)].filter((tag) => !add.includes(tag));
    const asked = change.devices.length * add.length;
    if (asked > MAX_PLACED)
      throw new AppError('too-large', `at most ${MAX_PLACED} tags are put on in one act, not ${asked}`);
    return await this.#store
      .transaction(async (tx) => {
        await this.#mustKeepRights(tx, caller, [...add, ...remove]);
        const devices = (await lockDevices(tx, scope, change.devices)).map(({ id }) => id);
        const lost = await deleteTags(tx, devices, remove);
        const rows = devices.flatMap((device) => add.map((tag) => ({ device, tag })));
        const got = await insertTags(tx, rows);
        const over = add.length === 0 ? undefined : await findOvertagged(tx, [...got], MAX_TAGS);
        if (over !== undefined)
          throw new AppError('conflict', `device ${over.name} would have ${over.tags} tags; ${MAX_TAGS} are the most`);
        const changed = [...new Set([...lost, ...got])];
        const detail = { add: add.join(' '), remove: remove.join(' '), devices: changed.length };
        await this.#told(tx, caller, { verb: 'tag.change', detail, devices: changed });
        return changed.length;
      })
      .catch(conflictWhen({ gone: 'a device was removed meanwhile' }));
  }

  /** Also where new devices of a site begin with it, and in the rules of groups. Throws `not-found` when no device has it. */
  async rename(caller: Caller, scope: Scope, tag: string, to: string): Promise<number> {
    return await this.#store.transaction(async (tx) => {
      await this.#mustKeepRights(tx, caller, [tag, to]);
      const devices = await this.#tagged(tx, scope, tag);
      if (tag === to) return devices.length;
      await insertTags(
        tx,
        devices.map((device) => ({ device, tag: to })),
      );
      await deleteTags(tx, devices, [tag]);
      await renameInDefaults(tx, scope, tag, to);
      // Rules are of the whole estate, as are those who may change them.
      for (const group of seesEverything(scope) ? await lockGroups(tx) : []) {
        const rule = group.rule === null ? undefined : renameInRule(group.rule, 'tag', { from: tag, to });
        if (rule === undefined) continue;
        await setRule(tx, group.id, rule);
        afterCommit(() => this.#outlets.onGroupsChanged?.());
      }
      const detail = { from: tag, to, devices: devices.length };
      await this.#told(tx, caller, { verb: 'tag.rename', detail, devices, tag });
      return devices.length;
    });
  }

  /** Throws `not-found` when no device has it. */
  async remove(caller: Caller, scope: Scope, tag: string): Promise<number> {
    return await this.#store.transaction(async (tx) => {
      await this.#mustKeepRights(tx, caller, [tag]);
      const devices = await this.#tagged(tx, scope, tag);
      await deleteTags(tx, devices, [tag]);
      await this.#told(tx, caller, { verb: 'tag.remove', detail: { devices: devices.length }, devices, tag });
      return devices.length;
    });
  }

  #mustKeepRights(tx: Tx, caller: Caller, words: readonly string[]): Promise<void> {
    return mustKeepRights(tx, caller, { kind: 'tag', words }, this.#clock.now());
  }

  async #tagged(tx: Tx, scope: Scope, tag: string): Promise<DeviceId[]> {
    const devices = await devicesTagged(tx, scope, tag);
    if (devices.length === 0) throw new AppError('not-found', `no device has the tag "${tag}"`);
    return devices;
  }

  /** One row for one act, however many devices; a single device's own trail has it. */
  async #told(
    tx: Tx,
    caller: Caller,
    act: { verb: string; detail: Record<string, string | number>; devices: readonly DeviceId[]; tag?: string },
  ): Promise<void> {
    const { verb, detail, devices, tag } = act;
    const [only, second] = devices;
    if (only === undefined) return;
    afterCommit(() => this.#outlets.onTagsChanged?.(devices));
    const many = second === undefined ? `device:${only}` : 'device:many';
    const resource = tag === undefined ? many : `tag:${tag}`;
    await this.#audit.append(tx, { ...by(caller), verb, resource, outcome: 'ok', detail });
  }
}
