// The batches that a relay makes of a site's polls as they come in: a batch at 500 samples, as its spool commits them.
import { hourOf } from '#shared/base/clock.ts';
import { DeltaEncoder } from '#shared/codec/delta-encoder.ts';
import type { Batch } from '#shared/protocol/batch.ts';
import { batchCrc } from '#shared/protocol/batch-crc.ts';
import type { MixData } from './mix-data.ts';

/** A relay's spool commits a batch at this many samples, so that a kill costs no more. */
const BATCH_SAMPLES = 500;

export interface FrameSpan {
  /** Of the data's. */
  fromSweep: number;
  toSweep: number;
  firstSeq: number;
}

/** All of one lane of one spool; a chain for each hour. Ready to be sent: what a relay spends on them is not the console's. */
export function liveFrames(data: MixData, { fromSweep, toSweep, firstSeq }: FrameSpan): Batch[] {
  const series = data.columns.map((column) => column.series);
  const batches: Batch[] = [];
  let encoder: DeltaEncoder | undefined;
  const take = (open: DeltaEncoder) => {
    const { data: bytes, samples } = open.take();
    const batch = { lane: 2, seq: firstSeq + batches.length, kind: 'samples', hour: open.hour, n: samples } as const;
    batches.push({ ...batch, data: bytes, crc: batchCrc({ ...batch, data: bytes }) });
  };
  for (let sweep = fromSweep; sweep < toSweep; sweep += 1)
    for (let device = 0; device < data.devices.length; device += 1) {
      const hour = hourOf(data.at(sweep, device));
      if (encoder !== undefined && encoder.hour !== hour) {
        if (encoder.samples > 0) take(encoder);
        encoder = undefined;
      }
      encoder ??= new DeltaEncoder(hour);
      encoder.add(data.poll(sweep, device, series));
      if (encoder.samples >= BATCH_SAMPLES) take(encoder);
    }
  if (encoder !== undefined && encoder.samples > 0) take(encoder);
  return batches;
}
