// Gives the series of a chunk other numbers in the same order, and leaves all other bits as they are: a tenth of what sealing anew costs.
import type { DeviceId } from '#shared/base/id.ts';
import { BitReader } from './bit-reader.ts';
import { BitWriter } from './bit-writer.ts';
import type { ChunkLayout } from './chunk-decoder.ts';
import { CHECKSUM_BYTES, chunkChecksum } from './chunk-format.ts';
import { writeCount } from './residual-code.ts';

const AT_ONCE = 24;
const writer = new BitWriter(4_096);

/** `layout` is what decodeLaidOut gave for this very chunk; `series` ascend, one for each of the chunk's. */
export function renumberChunk(
  device: DeviceId,
  chunk: Uint8Array,
  { numbersFrom, numbersTo, end }: ChunkLayout,
  series: Uint32Array,
): Uint8Array {
  const reader = new BitReader(chunk.subarray(0, chunk.length - CHECKSUM_BYTES));
  writer.reserve(chunk.length + 8 + series.length * 6);
  copy(reader, numbersFrom);
  let former = -1;
  for (const number of series) {
    writeCount(writer, number - former);
    former = number;
  }
  reader.seek(numbersTo);
  copy(reader, end - numbersTo);
  writer.align();
  const body = writer.take();
  const renumbered = new Uint8Array(body.length + CHECKSUM_BYTES);
  renumbered.set(body);
  new DataView(renumbered.buffer).setUint32(body.length, chunkChecksum(device, body));
  return renumbered;
}

function copy(reader: BitReader, bits: number): void {
  let left = bits;
  for (; left >= AT_ONCE; left -= AT_ONCE) writer.bits(reader.bits(AT_ONCE), AT_ONCE);
  writer.bits(reader.bits(left), left);
}
