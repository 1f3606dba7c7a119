// A device as a form holds it, and what of it was changed.
import type { DeviceData } from './device-data.ts';
import type { DevicePatch } from './use-update.ts';

export interface EditDraft {
  name: string;
  address: string;
  port: string;
  transport: DeviceData['transport'];
  credential: string;
  intervalMs: string;
  relayId: string;
}

export const draftOf = (device: DeviceData): EditDraft => ({
  name: device.name,
  address: device.address,
  port: device.port === null ? '' : String(device.port),
  transport: device.transport,
  credential: device.credential ?? '',
  intervalMs: String(device.intervalMs),
  relayId: device.relayId ?? '',
});

const portOf = (text: string): number | null => (text.trim() === '' ? null : Number(text));

export function faultsOfDraft({ port }: EditDraft): { port: boolean } {
  const number = portOf(port);
  return { port: number !== null && !(Number.isInteger(number) && number >= 1 && number <= 65_535) };
}

/** Only what differs: what somebody else changed meanwhile stays. */
export function patchOf(device: DeviceData, draft: EditDraft): DevicePatch {
  const former = draftOf(device);
  const differs = (key: keyof EditDraft) => draft[key].trim() !== former[key];
  const credential = draft.credential.trim();
  return {
    ...(differs('name') && { name: draft.name.trim() }),
    ...(differs('address') && { address: draft.address.trim() }),
    ...(differs('port') && { port: portOf(draft.port) }),
    ...(differs('transport') && { transport: draft.transport }),
    ...(differs('credential') && { credential: credential === '' ? null : credential }),
    ...(differs('intervalMs') && { intervalMs: Number(draft.intervalMs) }),
    ...(differs('relayId') && { relayId: draft.relayId }),
  };
}
