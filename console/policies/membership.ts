// Which devices are members of which layers: by customer, site, group or themselves; and what each hangs on.
import type { CustomerId, DeviceId, GroupId, LayerId } from '#shared/base/id.ts';
import type { Presence } from '#shared/model/alert-words.ts';
import type { LayerPart } from '#shared/model/watch-part.ts';
import type { WatchLayer, WatchMember } from '#shared/model/watch-policy.ts';
import type { PlacedDevice } from './place-repository.ts';

/** A layer and where it stands. */
export interface PlacedLayer {
  layer: Pick<WatchLayer, 'id' | 'level'>;
  /** Null: every customer's. */
  customer: CustomerId | null;
  places: readonly string[];
}

export const placedOf = ({ body, customerId, places }: LayerPart): PlacedLayer => ({
  ...{ layer: body, customer: customerId, places },
});

/** What the fleet knows of devices: the groups that each is in now, and what its kind makes of it being off. */
export type DeviceWords = ReadonlyMap<DeviceId, { groups: readonly GroupId[]; presence: Presence }>;

/** Layers in their order. What a layer says it passes over is the relay's to read: it is signed. */
export function layersOf(
  device: Pick<PlacedDevice, 'id' | 'site' | 'customer'>,
  groups: readonly GroupId[],
  layers: readonly PlacedLayer[],
): LayerId[] {
  const stands = ({ layer, customer, places }: PlacedLayer): boolean => {
    if (customer !== null && customer !== device.customer) return false;
    switch (layer.level) {
      case 'customer':
        return true;
      case 'site':
        return places.includes(device.site);
      case 'group':
        return groups.some((group) => places.includes(group));
      case 'device':
        return places.includes(device.id);
    }
  };
  return layers.filter(stands).map(({ layer }) => layer.id);
}

/** What a relay is told: devices that are members of nothing and hang on nothing are left out. */
export const membersOf = (
  devices: readonly PlacedDevice[],
  words: DeviceWords,
  layers: readonly PlacedLayer[],
): WatchMember[] =>
  devices.flatMap((device) => {
    const member = layersOf(device, words.get(device.id)?.groups ?? [], layers);
    if (member.length === 0 && device.parent === null) return [];
    return [{ device: device.id, layers: member, ...(device.parent === null ? {} : { parent: device.parent }) }];
  });
