// Bytes of earlier releases stay readable: stored batches decode to the polls stored beside them, and encode to the same bytes.
import { expect, test } from 'vitest';
import { DeviceId } from '#shared/base/id.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { DeltaDecoder } from './delta-decoder.ts';
import { DeltaEncoder } from './delta-encoder.ts';
import { DELTA_VERSION } from './delta-format.ts';
import vector from './vectors/delta-1.json' with { type: 'json' };

const polls: PollRecord[][] = vector.batches.map((batch) =>
  batch.polls.map(({ device, at, columns, values }) => ({
    device: DeviceId.parse(vector.devices[device]),
    at,
    series: vector.columns[columns] ?? [],
    values: values.map((value) => value ?? undefined),
  })),
);

test('batches of version 1 decode to their polls', () => {
  const decoder = new DeltaDecoder(vector.hour);
  const decoded = vector.batches.map(({ bytes }) => decoder.decode(new Uint8Array(Buffer.from(bytes, 'hex'))));
  expect(decoded).toEqual(polls);
});

test('version 1 is still written to the bit as it was', () => {
  expect(DELTA_VERSION).toBe(1);
  const encoder = new DeltaEncoder(vector.hour);
  const encoded = polls.map((part) => {
    for (const record of part) encoder.add(record);
    return Buffer.from(encoder.take().data).toString('hex');
  });
  expect(encoded).toEqual(vector.batches.map(({ bytes }) => bytes));
});
