// Batches of a site's hour for very many sites: encoded once, and given each site's own devices where a chain names them.
import { DeviceId, idToBytes } from '#shared/base/id.ts';
import type { Batch } from '#shared/protocol/batch.ts';
import { batchCrc } from '#shared/protocol/batch-crc.ts';
import { liveFrames } from './live-frames.ts';
import { type MixData, ROWS } from './mix-data.ts';

/** All ids of the mix begin so; the rest of 16 bytes is the device's number. */
const PREFIX = Buffer.from(idToBytes(DeviceId.parse('01900000-0000-7000-8000-000000000000')).subarray(0, 10));
const ID_BYTES = 16;

interface Place {
  batch: number;
  offset: number;
  device: number;
}

/** Sites may be of equal load, but a value must not be right at another site: each has the devices' data in another order. */
export const turned = <T>(list: readonly T[], by: number): T[] => list.map((_, n) => list[(n + by) % list.length] as T); // within the list

export class ScaleFrames {
  readonly #batches: readonly Batch[];
  readonly #places: readonly Place[];
  /** Batches of each sweep end before this place. */
  readonly #ends: number[];

  /** `data` is of two hours: one that is sealed, and one that stays open. */
  constructor(data: MixData) {
    const batches: Batch[] = [];
    this.#ends = [];
    // One encoder for each hour, as a spool has; a batch is of one sweep alone, as with a minute between two.
    for (let from = 0; from < data.sweeps; from += ROWS) batches.push(...this.#hour(data, from, batches.length));
    this.#batches = batches;
    this.#places = placesOf(batches, data);
  }

  /** The batches of a sweep end before this place. */
  end(sweep: number): number {
    return this.#ends[sweep] ?? 0;
  }

  /** All batches of a site, whose devices stand in the order of the mix'. What names no device is shared with all other sites. */
  of(devices: readonly DeviceId[]): Batch[] {
    const batches = [...this.#batches];
    for (const { batch: at, offset, device } of this.#places) {
      const [batch, id] = [batches[at], devices[device]];
      if (batch === undefined || id === undefined) throw new Error('as many devices as the data has');
      const data = batch === this.#batches[at] ? batch.data.slice() : batch.data;
      data.set(idToBytes(id), offset);
      batches[at] = { ...batch, data };
    }
    return batches.map((batch, at) => (batch === this.#batches[at] ? batch : { ...batch, crc: batchCrc(batch) }));
  }

  #hour(data: MixData, fromSweep: number, before: number): Batch[] {
    const batches = liveFrames(data, { fromSweep, toSweep: fromSweep + ROWS, firstSeq: before + 1 });
    let samples = 0;
    for (const [at, batch] of batches.entries()) {
      samples += batch.n;
      const sweep = fromSweep + Math.floor(samples / (data.devices.length * data.width));
      for (let done = this.#ends.length; done < sweep; done += 1) this.#ends[done] = before + at + 1;
    }
    return batches;
  }
}

/** Each chain names each of its devices once, in whole bytes; found anything else, the bench would send what is no site's. */
function placesOf(batches: readonly Batch[], data: MixData): Place[] {
  const numbers = new Map(data.devices.map((id, device) => [Buffer.from(idToBytes(id)).toString('hex'), device]));
  const places: Place[] = [];
  for (const [batch, { data: bytes }] of batches.entries()) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let offset = buffer.indexOf(PREFIX); offset >= 0; offset = buffer.indexOf(PREFIX, offset + ID_BYTES)) {
      const device = numbers.get(buffer.subarray(offset, offset + ID_BYTES).toString('hex'));
      if (device !== undefined) places.push({ batch, offset, device });
    }
  }
  const expected = (data.devices.length * data.sweeps) / ROWS;
  if (places.length !== expected) throw new Error(`${places.length} places name a device, not ${expected}`);
  return places;
}
