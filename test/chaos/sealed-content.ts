// What of a relay's stream lies in files of days by now: a batch of the spool counts as stored there when each of its values is.
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { DeltaDecoder } from '#shared/codec/delta-decoder.ts';
import type { DayReader } from '#shared/day-files/day-store.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { metricById } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { KeptBatch, StreamContent } from './stream-content.ts';

const HOUR_MS = 3_600_000;

/** The console's stream with the batches that were sealed and have left its journal; read from a copy, for the console may still write. */
export async function withSealed(data: string, spool: StreamContent, stored: StreamContent): Promise<StreamContent> {
  const sealed = spool.batches.filter((batch) => isSealed(batch, stored));
  const folder = path.join(data, 'metrics');
  if (sealed.length === 0 || !existsSync(folder)) return stored;
  await using copy = makeTempFolder('rmm-sealed');
  cpSync(folder, copy.path, { recursive: true });
  const days = new FileDayStore({ folder: copy.path, onDamage: (text) => void process.stderr.write(`${text}\n`) });
  try {
    const polls = pollsOf(spool.batches);
    const there = sealed.filter((batch) => (polls.get(batch) ?? []).every((poll) => holds(days, poll)));
    return { ...stored, batches: [...stored.batches, ...there] };
  } finally {
    days.stop();
  }
}

/** Durable, and in the journal no more. */
function isSealed({ kind, epoch, lane, seq }: KeptBatch, stored: StreamContent): boolean {
  const isDurable = stored.marks.some((mark) => mark.epoch === epoch && mark.lane === lane && seq <= mark.durable);
  const isHere = (frame: KeptBatch) => frame.epoch === epoch && frame.lane === lane && frame.seq === seq;
  return kind === 'samples' && isDurable && !stored.batches.some(isHere);
}

function pollsOf(batches: readonly KeptBatch[]): Map<KeptBatch, PollRecord[]> {
  const decoders = new Map<string, DeltaDecoder>();
  const found = new Map<KeptBatch, PollRecord[]>();
  for (const batch of batches.filter(({ kind }) => kind === 'samples').toSorted((a, b) => a.seq - b.seq)) {
    const chain = `${batch.epoch} ${batch.lane} ${batch.hour}`;
    const decoder = decoders.get(chain) ?? new DeltaDecoder(batch.hour);
    decoders.set(chain, decoder);
    found.set(batch, decoder.decode(batch.data));
  }
  return found;
}

function holds(days: FileDayStore, { device, at, series, values }: PollRecord): boolean {
  const hour = Math.floor(at / HOUR_MS);
  const reader = days.read(Math.floor(hour / 24));
  const data = reader?.raw(device, hour);
  const row = data?.times.indexOf(at) ?? -1;
  if (reader === undefined || data === undefined || row < 0) return false;
  return series.every(({ metric, instance }, i) => {
    if (values[i] === undefined) return true;
    const column = data.series.indexOf(numberOf(reader, metric, instance));
    return column >= 0 && data.values[column * data.times.length + row] === values[i];
  });
}

const numberOf = (reader: DayReader, metric: number, instance: string): number =>
  reader.numberOf(metricById(metric)?.name ?? '', instance) ?? -1;
