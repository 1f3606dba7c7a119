// Opens every part of a day's files and tells what the disk changed. Opening them may mend the first page of an open day; nothing else is altered.
import { describeError } from '#shared/base/errors.ts';
import { checkChunk, decodeChunk } from '#shared/codec/chunk-decoder.ts';
import { decodeTotals } from '#shared/codec/totals-decoder.ts';
import { HOURS_A_DAY } from './day-paths.ts';
import type { OpenDayFile } from './open-day-file.ts';
import { LINE_KEY, LINE_PARTS, RAW_KEY, TOTAL_KEY } from './open-day-schema.ts';
import type { PackedFile } from './packed-file.ts';
import { lineOwner, RAW_RECORD } from './packed-format.ts';

type Tell = (detail: string) => void;

function tried(tell: Tell, what: string, act: () => unknown): void {
  try {
    act();
  } catch (error) {
    tell(`${what}: ${describeError(error).message}`);
  }
}

/** Yields after each hour. */
export function* checkOpenDay(file: OpenDayFile, tell: Tell): Generator<void, void> {
  for (const fault of file.faults) tell(`${fault} is damaged`);
  for (const part of file.healed) tell(`${part} is damaged, its copy is not`);
  for (const said of file.pageFaults()) tell(`its pages: ${said}`);
  const first = file.day * HOURS_A_DAY;
  for (let part = 0; part < HOURS_A_DAY; part += 1) {
    const hour = first + part;
    for (const table of ['chunk', 'total'] as const)
      for (const number of file.presence.numbers((table === 'chunk' ? RAW_KEY : TOTAL_KEY) + part))
        tried(tell, `${table} of place ${number} in hour ${hour}`, () => {
          const bytes = file.get(table, part, number);
          const device = file.dictionary.places[number]?.device;
          if (bytes === undefined || device === undefined) throw new Error('its device is not known');
          if (table === 'chunk') decodeChunk(device, hour, bytes);
          else decodeTotals(device, bytes, hour, hour + 1);
        });
    yield;
  }
  for (let part = 0; part < LINE_PARTS; part += 1)
    for (const number of file.presence.numbers(LINE_KEY + part))
      tried(tell, `lines of place ${number}`, () => {
        const bytes = file.get('line', part, number);
        const site = file.dictionary.places[number]?.site;
        if (bytes === undefined || site === undefined) throw new Error('their site is not known');
        decodeTotals(site, bytes, first, first + HOURS_A_DAY);
      });
}

/** Yields after each device. Chunks that were copied as they are need not be opened again: then their checksums are looked at alone. */
export function* checkPackedDay(file: PackedFile, tell: Tell, isOpened = true): Generator<void, void> {
  tried(tell, 'its list of parts', () => file.readCopies());
  for (const fault of file.faults) tell(`${fault} is damaged, its copy is not`);
  const first = file.day * HOURS_A_DAY;
  let places = 0;
  tried(tell, 'its list of parts', () => {
    if (file.directory.places > 0) file.placeAt(0);
    places = file.directory.places;
  });
  for (let i = 0; i < places; i += 1) {
    const place = file.placeAt(i);
    for (const { kind, part, hours, offset, length } of file.recordsOf(place))
      tried(tell, `${kind === RAW_RECORD ? 'chunk' : 'totals'} of ${place.device} from hour ${first + part}`, () => {
        const bytes = file.read(offset, length);
        if (kind === RAW_RECORD && !isOpened) checkChunk(place.device, bytes);
        else if (kind === RAW_RECORD) decodeChunk(place.device, first + part, bytes, hours);
        else decodeTotals(place.device, bytes, first, first + HOURS_A_DAY);
      });
    yield;
  }
  for (const [name, offset, length] of file.directory.lines)
    tried(tell, `lines of series ${name}`, () =>
      decodeTotals(lineOwner(file.day, name), file.read(offset, length), first, first + HOURS_A_DAY),
    );
}
