// Actions over a fresh estate: what its relay was given, what was cancelled and settled, and manifests nobody has to prove.
import { Actions } from '#console/actions/actions.ts';
import type { Link } from '#console/sites/relays.ts';
import { type DeviceId, ManifestId, newId, type RelayId } from '#shared/base/id.ts';
import { type Manifest, type SignedManifest, signaturesOf } from '#shared/model/manifest.ts';
import type { OutcomeRecord } from '#shared/model/record.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';
import { readManifest } from '#shared/seal/manifest-seal.ts';
import { rolloutOf } from '#shared/seal/rollout.ts';
import { identityNo, makeDevices } from './devices-suite.ts';
import { caller, scope } from './estate.ts';
import type { TestEngine } from './test-engine.ts';

export const HOUR = 3_600_000;

export async function open(engine: TestEngine) {
  const kit = await makeDevices(engine);
  const queued: RelayId[] = [];
  const cancels: ManifestId[] = [];
  const settled: ManifestId[] = [];
  const moved: string[] = [];
  const actions = new Actions({
    ...kit,
    open: async (signed) => {
      const manifest = readManifest(signed.manifest);
      const isShort = manifest.reason === 'needs two' && signaturesOf(signed).length < 2;
      const rollout = rolloutOf(manifest, { canary: 0, haltPercent: 100 });
      return { manifest, signer: 'key', rollout, ...(isShort ? { lacks: '1 more person has to sign' } : {}) };
    },
    outlets: {
      onQueued: (relay) => queued.push(relay),
      onCancel: (_relay, id) => cancels.push(id),
      onSettled: ({ id }) => settled.push(id),
      onMoved: (_site, some) => moved.push(...some.map((one) => one.state)),
    },
  });
  const link = await kit.addRelay();
  const sign = (devices: readonly DeviceId[], more: Partial<Manifest> = {}): SignedManifest => {
    const manifest: Manifest = {
      v: 1,
      id: ManifestId.parse(newId(kit.clock.now(), kit.random)),
      site: link.site,
      relay: link.relay,
      targets: devices.map((device, n) => ({ device, identity: identityNo(n) })),
      action: { name: 'command.run', arguments: { command: 'true' } },
      nbf: kit.clock.now(),
      exp: kit.clock.now() + HOUR,
      charterVersion: 1,
      caps: { timeoutMs: 1_000, outputBytes: 1_000, concurrency: 10 },
      reason: 'test',
      ...more,
    };
    const batch = { index: 0, count: 1, path: [], total: devices.length };
    return { manifest: canonicalJson(manifest), batch, signature: 'x' };
  };
  const submit = async (devices: readonly DeviceId[], more: Partial<Manifest> = {}) => {
    const [id] = await actions.submit(caller, [sign(devices, more)]);
    if (id === undefined) throw new Error('one in, one out');
    return id;
  };
  const apply = (records: OutcomeRecord[], by: Link = link) =>
    kit.store.transaction((tx) => actions.applyOutcomes(tx, by, records));
  const states = async (id: ManifestId) => (await actions.find(scope, id))?.outcomes.map((outcome) => outcome.state);
  return { ...kit, actions, link, sign, submit, apply, states, queued, cancels, settled, moved };
}
