// Proves that a chunk under other numbers says the same as before, byte for byte what an encoder would have made of it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deviceHours } from '#test/fixtures/hour-arbitrary.ts';
import { TEST_HOUR, testDevice } from '#test/fixtures/poll-arbitrary.ts';
import { decodeChunk, decodeLaidOut } from './chunk-decoder.ts';
import { ChunkEncoder } from './chunk-encoder.ts';
import { renumberChunk } from './renumber-chunk.ts';

const DEVICE = testDevice(1);
const encoder = new ChunkEncoder();

test('any hour under other ascending numbers is what an encoder makes of it', () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 64, maxLength: 64 });
  fc.assert(
    fc.property(deviceHours, gaps, (hour, some) => {
      const chunk = encoder.encode(DEVICE, hour);
      const { data, layout } = decodeLaidOut(DEVICE, TEST_HOUR, chunk);
      expect(data).toEqual(hour);
      let former = -1;
      const series = Uint32Array.from(hour.series, (_, i) => (former += some[i % some.length] ?? 1));
      if ((series.at(-1) ?? 0) > 2 ** 24 - 2) return;
      const renumbered = renumberChunk(DEVICE, chunk, layout, series);
      expect(renumbered).toEqual(encoder.encode(DEVICE, { ...hour, series }));
      expect(decodeChunk(DEVICE, TEST_HOUR, renumbered)).toEqual({ ...hour, series });
    }),
  );
});
