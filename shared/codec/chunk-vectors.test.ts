// Chunks of earlier releases stay readable: stored ones decode to the hours stored beside them, and are still written so.
import { expect, test } from 'vitest';
import { DeviceId } from '#shared/base/id.ts';
import { decodeChunk } from './chunk-decoder.ts';
import { ChunkEncoder } from './chunk-encoder.ts';
import { CHUNK_VERSION } from './chunk-format.ts';
import vector from './vectors/chunk-1.json' with { type: 'json' };

const chunks = vector.chunks.map(({ device, times, series, values, bytes }) => ({
  device: DeviceId.parse(device),
  hour: {
    times: Float64Array.from(times),
    series: Uint32Array.from(series),
    values: Float64Array.from(values, (value) => value ?? Number.NaN),
  },
  bytes,
}));

test('chunks of version 1 decode to their hours', () => {
  expect(chunks).toHaveLength(4);
  for (const { device, hour, bytes } of chunks)
    expect(decodeChunk(device, vector.hour, new Uint8Array(Buffer.from(bytes, 'hex')))).toEqual(hour);
});

test('version 1 is still written to the bit as it was', () => {
  expect(CHUNK_VERSION).toBe(1);
  const encoder = new ChunkEncoder();
  for (const { device, hour, bytes } of chunks)
    expect(Buffer.from(encoder.encode(device, hour)).toString('hex')).toBe(bytes);
});
