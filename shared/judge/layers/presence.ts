// Which devices are expected to be on at all times, by what kind of machine they are; a layer may say otherwise.
import type { Presence } from '#shared/model/alert-words.ts';
import type { DeviceType } from '#shared/model/device.ts';

/** People switch these off in the evening. Everything else, also what nothing is known of, is missed when it is silent. */
const WHEN_USED: ReadonlySet<DeviceType> = new Set(['workstation', 'laptop', 'mobile']);

export const shippedPresence = (type: DeviceType): Presence => (WHEN_USED.has(type) ? 'when-used' : 'always-on');
