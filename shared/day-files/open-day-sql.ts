// The statements of a day that may still change: each reads or writes one row by its key, but for a dictionary, which is read as a whole.
import type { BlobTable } from './open-day-schema.ts';

export const GET_BLOB: Record<BlobTable, string> = {
  chunk: 'select data from chunk where id = ?',
  total: 'select data from total where id = ?',
  line: 'select data from line where id = ?',
};
export const PUT_BLOB: Record<BlobTable, string> = {
  chunk: 'insert or replace into chunk (id, data) values (?, ?)',
  total: 'insert or replace into total (id, data) values (?, ?)',
  line: 'insert or replace into line (id, data) values (?, ?)',
};
export const DROP_BLOB: Record<BlobTable, string> = {
  chunk: 'delete from chunk where id = ?',
  total: 'delete from total where id = ?',
  line: 'delete from line where id = ?',
};

export type NameTable = 'place' | 'series' | 'coverage';
export const GET_NAME: Record<NameTable, string> = {
  place: 'select id, device, site, crc from place where id = ?',
  series: 'select id, name, instance, unit, kind, resolution, crc from series where id = ?',
  coverage: 'select id, relay, hour, devices, samples, crc from coverage where id = ?',
};
export const ALL_NAMES: Record<NameTable, string> = {
  place: 'select id, device, site, crc from place',
  series: 'select id, name, instance, unit, kind, resolution, crc from series',
  coverage: 'select id, relay, hour, devices, samples, crc from coverage',
};
/** Where a row of the same kind lies once more; of coverage, which relays can tell again, there is no copy. */
export const GET_COPY: Record<NameTable, string | undefined> = {
  place: 'select id, device, site, crc from place_copy where id = ?',
  series: 'select id, name, instance, unit, kind, resolution, crc from series_copy where id = ?',
  coverage: undefined,
};
export const LAST_NAME: Record<NameTable, string> = {
  place: 'select max(id) from place',
  series: 'select max(id) from series',
  coverage: 'select max(id) from coverage',
};
export const PUT_PLACE = [
  'insert or replace into place (id, device, site, crc) values (?, ?, ?, ?)',
  'insert or replace into place_copy (id, device, site, crc) values (?, ?, ?, ?)',
];
export const PUT_SERIES = [
  'insert or replace into series (id, name, instance, unit, kind, resolution, crc) values (?, ?, ?, ?, ?, ?, ?)',
  'insert or replace into series_copy (id, name, instance, unit, kind, resolution, crc) values (?, ?, ?, ?, ?, ?, ?)',
];
export const PUT_COVERAGE =
  'insert or replace into coverage (id, relay, hour, devices, samples, crc) values (?, ?, ?, ?, ?, ?)';
export const GET_PRESENT = ['select data from present where id = ?', 'select data from present_copy where id = ?'];
export const PUT_PRESENT = [
  'insert or replace into present (id, data) values (?, ?)',
  'insert or replace into present_copy (id, data) values (?, ?)',
];
export const GET_DAY = [
  'select format, day, crc from day where id = 1',
  'select format, day, crc from day_copy where id = 1',
];
export const PUT_DAY = [
  'insert into day (id, format, day, crc) values (1, ?, ?, ?)',
  'insert into day_copy (id, format, day, crc) values (1, ?, ?, ?)',
];
