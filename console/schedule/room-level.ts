// How much room a disk has to have for each thing to go on: what is said, and what stops, at which bytes.
import { z } from 'zod';
import type { RoomLevel } from '#shared/contract/maintenance-contract.ts';

const MIB = 1_048_576;

export const RoomNeeds = z.strictObject({
  /** Below it people are told. 2 GiB: a week of metrics of 500 devices, time enough to read a mail. */
  lowBytes: z
    .int()
    .min(0)
    .default(2_048 * MIB),
  /** Below it old metrics go before their time, and no backup is begun. 512 MiB: a day of metrics of thousands of devices. */
  shortBytes: z
    .int()
    .min(0)
    .default(512 * MIB),
  /** Below it nothing more is taken in from relays. 64 MiB: the journal of the database at its bound, so that people can still work. */
  fullBytes: z
    .int()
    .min(0)
    .default(64 * MIB),
});
export type RoomNeeds = z.infer<typeof RoomNeeds>;

const mib = (bytes: number): string => `${Math.floor(bytes / MIB)} MiB`;

export function roomOf(
  { freeBytes }: { freeBytes: number },
  needs: RoomNeeds,
): { room: RoomLevel; text: string | null } {
  const free = `${mib(freeBytes)} free`;
  if (freeBytes < needs.fullBytes)
    return { room: 'full', text: `${free}: no more metrics are taken in, relays keep them until there is room` };
  if (freeBytes < needs.shortBytes)
    return { room: 'short', text: `${free}: old metrics go before their time, and no backup is begun` };
  if (freeBytes < needs.lowBytes) return { room: 'low', text: `${free}: below ${mib(needs.lowBytes)}` };
  return { room: 'plenty', text: null };
}
