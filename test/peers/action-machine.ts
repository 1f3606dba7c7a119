// A relay's work set against a real sshd of this machine, for the actions of the catalogue: one call orders one.
import { DeviceWork } from '#relay/execute/work.ts';
import { systemClock } from '#shared/base/clock.ts';
import { ManifestId, newId } from '#shared/base/id.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import type { Action } from '#shared/model/manifest.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';
import { sampleManifest } from '#test/fixtures/sample-trust.ts';
import { never, type SshRelay } from './ssh-relay.ts';

type WorkDeps = ConstructorParameters<typeof DeviceWork>[0];

export interface ActionMachine {
  entry: RosterEntry;
  identity: DeviceIdentity;
  order(action: Action, more?: { timeoutMs?: number; identity?: DeviceIdentity }): Promise<OutcomeRecord>;
}

/** Orders go through the relay's own work, to the machine that shows this identity. */
export async function actionMachine(
  relay: SshRelay,
  entry: RosterEntry,
  more: Pick<WorkDeps, 'wake' | 'readInventory'> = {},
): Promise<ActionMachine> {
  const { identity } = await relay.session(entry);
  const pins = { get: () => undefined, set: () => undefined, delete: () => undefined };
  const work = new DeviceWork({ clock: systemClock, pool: relay.pool, pins, onAccepted: () => undefined, ...more });
  return {
    entry,
    identity,
    order: async (action, { timeoutMs = 20_000, identity: shown = identity } = {}) => {
      const target = { device: entry.device, identity: shown };
      const caps = { timeoutMs, outputBytes: 65_536, concurrency: 1 };
      const id = ManifestId.parse(newId(systemClock.now()));
      const manifest = sampleManifest({ id, targets: [target], action, caps });
      const ready = await work.prepare(manifest, target, entry, never);
      const at = systemClock.now();
      const base = { type: 'outcome' as const, manifest: id, device: entry.device, at };
      if (!ready.ok) return { ...base, state: 'failed', reason: ready.reason, detail: ready.detail };
      return ready.value(at);
    },
  };
}
