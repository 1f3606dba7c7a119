// The tables of a day that may still change, and its numbers: made once, in this order, and never altered.

import type { Day } from './day-store.ts';
import { crcOf } from './dictionary.ts';

export const DAY_FORMAT = 1;

/** Default pages of 4 KiB waste half of each on chunks of 2 kB. */
export const PAGE_BYTES = 32_768;

/** Ids of rows: hour of the day * 2^24 + device number; of site lines: part * 2^24 + site number. */
export const ID_SPAN = 2 ** 24;

// Keys of Presence: which ids there are.
export const RAW_KEY = 0; // + hour of the day: device numbers
export const TOTAL_KEY = 24; // + hour of the day
export const PLACE_KEY = 48;
export const SERIES_KEY = 49;
export const COVERAGE_KEY = 50;
export const LINE_KEY = 64; // + part: site numbers
/** A row of a site's lines holds this many numbers of series: 2^18 of them are 256 parts. */
export const LINE_PART = 1_024;
export const LINE_PARTS = 256;
export const PRESENCE_KEYS: readonly number[] = [
  ...Array.from({ length: COVERAGE_KEY + 1 }, (_, key) => key),
  ...Array.from({ length: LINE_PARTS }, (_, part) => LINE_KEY + part),
];

export type BlobTable = 'chunk' | 'total' | 'line';

// What finds the rest is kept twice, on pages of its own: a page that the disk changes would take the whole day with it.
export const SCHEMA = `
create table day (id integer primary key, format integer not null, day integer not null, crc integer not null) strict;
create table present (id integer primary key, data blob not null) strict;
create table place (id integer primary key, device text not null, site text not null, crc integer not null) strict;
create table series (
  id integer primary key, name text not null, instance text not null, unit text not null, kind text not null,
  resolution real not null, crc integer not null) strict;
create table coverage (
  id integer primary key, relay text not null, hour integer not null, devices integer not null, samples integer not null,
  crc integer not null) strict;
create table day_copy (id integer primary key, format integer not null, day integer not null, crc integer not null) strict;
create table present_copy (id integer primary key, data blob not null) strict;
create table place_copy (id integer primary key, device text not null, site text not null, crc integer not null) strict;
create table series_copy (
  id integer primary key, name text not null, instance text not null, unit text not null, kind text not null,
  resolution real not null, crc integer not null) strict;
create table chunk (id integer primary key, data blob not null) strict;
create table total (id integer primary key, data blob not null) strict;
create table line (id integer primary key, data blob not null) strict;
`;

export const dayCrc = (format: number, day: Day): number => crcOf(['day', format, day]);
