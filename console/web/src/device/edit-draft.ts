// A device as a form holds it, and what of it was changed.
import { REACH_TEXTS, type ReachTexts, reachValue } from '#console/web/src/form/reach-fields.tsx';
import type { DeviceData } from './device-data.ts';
import type { DevicePatch } from './use-update.ts';

export interface EditDraft extends ReachTexts {
  name: string;
  address: string;
  transport: DeviceData['transport'];
  intervalMs: string;
  relayId: string;
}

export const draftOf = (device: DeviceData): EditDraft => ({
  name: device.name,
  address: device.address,
  port: device.port === null ? '' : String(device.port),
  transport: device.transport,
  credential: device.credential ?? '',
  spn: device.spn ?? '',
  realm: device.realm ?? '',
  share: device.share ?? '',
  intervalMs: String(device.intervalMs),
  relayId: device.relayId ?? '',
});

/** A port and names belong to their transport: another one begins without, the former one as it stands. */
export function otherWay(transport: DeviceData['transport'], device: DeviceData): Omit<ReachTexts, 'credential'> {
  const { port, spn, realm, share } = draftOf(device);
  return transport === device.transport ? { port, spn, realm, share } : { port: '', spn: '', realm: '', share: '' };
}

const portOf = (text: string): number | null => (text.trim() === '' ? null : Number(text));

export function faultsOfDraft({ port }: EditDraft): { port: boolean } {
  const number = portOf(port);
  return { port: number !== null && !(Number.isInteger(number) && number >= 1 && number <= 65_535) };
}

/** Only what differs: what somebody else changed meanwhile stays. */
export function patchOf(device: DeviceData, draft: EditDraft): DevicePatch {
  const former = draftOf(device);
  const differs = (key: keyof EditDraft) => draft[key].trim() !== former[key];
  const texts = REACH_TEXTS.filter(differs).map((field) => [field, reachValue(field, draft[field])] as const);
  return {
    ...(differs('name') && { name: draft.name.trim() }),
    ...(differs('address') && { address: draft.address.trim() }),
    ...(differs('transport') && { transport: draft.transport }),
    ...Object.fromEntries(texts),
    ...(differs('intervalMs') && { intervalMs: Number(draft.intervalMs) }),
    ...(differs('relayId') && { relayId: draft.relayId }),
  };
}
