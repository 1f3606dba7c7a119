// Good inputs for the operations on policies: each works on parts of its own, of the customer of the world's site.
import { systemClock } from '#shared/base/clock.ts';
import { signerFile } from '#shared/crypto/cli-files.ts';
import { readPrivateFile } from '#shared/crypto/private-file.ts';
import type { PartWish } from '#shared/model/watch-part.ts';
import { importSigningKey } from '#shared/seal/key-pair.ts';
import { readWatch, signWatch } from '#shared/seal/watch-seal.ts';
import type { Input, World } from './good-inputs.ts';

const layer = ({ next }: World): PartWish => ({
  kind: 'layer',
  body: {
    ...{ name: `layer ${next()}`, level: 'customer', priority: 0, isEnforced: false },
    settings: { presence: 'always-on' },
  },
  places: [],
});

async function newLayer(world: World) {
  const { api, relay } = world;
  const { customerId } = await api.sites.show({ id: relay.site });
  const part = layer(world);
  const { id } = await api.policies.create({ customerId, part });
  const made = (await api.policies.list()).items.find(({ body }) => body.id === id);
  if (made === undefined) throw new Error('no layer was made');
  return { id, changedAt: made.changedAt, customerId, part };
}

async function signed(world: World) {
  const { api, estate, relay } = world;
  await newLayer(world);
  const [draft] = (await api.policies.draft({ siteId: relay.site })).items;
  if (draft === undefined) throw new Error('nothing is drafted');
  const technician = await importSigningKey(readPrivateFile(signerFile(estate.data)) ?? '');
  return { signed: await signWatch(readWatch(draft), [technician]) };
}

const DAY_MS = 86_400_000;

export const POLICY_INPUTS: Readonly<Record<string, (world: World) => Input | Promise<Input>>> = {
  'policies.list': () => ({}),
  'policies.create': async (world) => {
    const { customerId } = await world.api.sites.show({ id: world.relay.site });
    return { customerId, part: layer(world) };
  },
  'policies.update': async (world) => {
    const { customerId: _, ...change } = await newLayer(world);
    return change;
  },
  'policies.remove': async (world) => ({ id: (await newLayer(world)).id }),
  'policies.sites': () => ({}),
  'policies.inForce': ({ relay }) => ({ id: relay.site }),
  'policies.draft': () => ({}),
  'policies.plan': () => ({}),
  'policies.waiting': () => ({}),
  'policies.put': signed,
  'policies.effective': ({ device }) => ({ id: device, by: 'draft' }),
  'policies.setParent': ({ device }) => ({ id: device, parentId: null }),
  'policies.calendar': () => ({ from: systemClock.now(), to: systemClock.now() + DAY_MS }),
};
