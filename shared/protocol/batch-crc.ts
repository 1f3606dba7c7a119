// The checksum a batch keeps from the relay's disk to the console's database: CRC-32 over everything that says what it is.
import { crc32 } from 'node:zlib';
import type { Batch } from './batch.ts';

const KINDS = { samples: 0, records: 1 } as const;

/** Lane (1 byte), kind (1), seq (8), hour (8), n (8), of a bundle its first number (8), all little-endian doubles where 8, then the data. */
export function batchCrc(batch: Omit<Batch, 'crc'>): number {
  const head = new DataView(new ArrayBuffer(batch.from === undefined ? 26 : 34));
  head.setUint8(0, batch.lane);
  head.setUint8(1, KINDS[batch.kind]);
  head.setFloat64(2, batch.seq, true);
  head.setFloat64(10, batch.hour, true);
  head.setFloat64(18, batch.n, true);
  if (batch.from !== undefined) head.setFloat64(26, batch.from, true);
  return crc32(batch.data, crc32(head));
}
