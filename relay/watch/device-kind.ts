// What kind of machine a device is, as its own facts say: it decides whether people expect it to be on at all times.
import { z } from 'zod';
import type { TypeEvidence } from '#shared/model/device-type.ts';
import type { FactRecord } from '#shared/model/record.ts';

/** As much of a device's words as a name may have. */
const Word = z.string().max(253).nullish().catch(undefined);

/** Kept for each device over restarts: what was switched off in the evening must not be missed at night. */
export const DeviceKind = z.strictObject({
  chassisType: z.int().nullish().catch(undefined),
  hypervisor: Word,
  vendor: Word,
  product: Word,
  osFamily: Word,
  osId: Word,
  osName: Word,
});
export type DeviceKind = z.infer<typeof DeviceKind> & TypeEvidence;

const HardwareFact = DeviceKind.pick({ chassisType: true, hypervisor: true, vendor: true, product: true });
const OsFact = z.object({ family: Word, id: Word, prettyName: Word, name: Word });

/** What is known with this fact; the very same object where it says nothing of it. */
export function kindWith(known: DeviceKind, { kind, body }: Pick<FactRecord, 'kind' | 'body'>): DeviceKind {
  if (kind !== 'hardware' && kind !== 'os') return known;
  const value: unknown = JSON.parse(body);
  if (kind === 'hardware') {
    const read = HardwareFact.strip().safeParse(value);
    return read.success ? { ...known, ...read.data } : known;
  }
  const read = OsFact.safeParse(value);
  if (!read.success) return known;
  const { family, id, prettyName, name } = read.data;
  return { ...known, osFamily: family, osId: id, osName: prettyName ?? name };
}
