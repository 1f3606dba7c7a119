// What the numbers of one day stand for: devices with their sites, and series. Kept in the day's own file, each row with its CRC.
import { crc32 } from 'node:zlib';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import { dayText } from './day-paths.ts';
import type { Day, DevicePlace, StoredSeries } from './day-store.ts';

/** 25,000 devices, each at five places within a day. */
export const MAX_DAY_DEVICES = 2 ** 17;
/** Of one site: a relay that invents devices fills its own site's room, and not that of all others. */
export const MAX_SITE_DEVICES = 2 ** 15;
/** 25,000 devices with ten instances of names that nobody else has: the dictionary stays below 20 MB on disk and 60 MB in memory. */
export const MAX_DAY_SERIES = 2 ** 18;

export const crcOf = (members: ReadonlyArray<string | number>): number => crc32(JSON.stringify(members));

export const placeCrc = (number: number, { device, site }: DevicePlace): number =>
  crcOf(['device', number, device, site]);

export const seriesCrc = (number: number, { name, instance, unit, kind, resolution }: StoredSeries): number =>
  crcOf(['series', number, name, instance, unit, kind, resolution]);

const keyOf = ({ name, instance, unit, kind, resolution }: StoredSeries): string =>
  `${name}\0${instance}\0${unit}\0${kind}\0${resolution}`;
const shortKey = (name: string, instance: string): string => `${name}\0${instance}`;

export class Dictionary {
  readonly #day: Day;
  readonly #places: Array<DevicePlace | undefined> = [];
  readonly #placeNumbers = new Map<string, number>();
  readonly #numbersOfDevice = new Map<DeviceId, number[]>();
  readonly #numbersOfSite = new Map<SiteId, number[]>();
  readonly #series: Array<StoredSeries | undefined> = [];
  readonly #seriesNumbers = new Map<string, number>();
  /** The first number of a name and instance. */
  readonly #byName = new Map<string, number>();
  readonly #instances = new Map<string, number[]>();

  constructor(day: Day) {
    this.#day = day;
  }

  /** One function for one dictionary: numbers are added, and none comes to mean another series. */
  readonly lookup = (number: number): StoredSeries | undefined => this.#series[number];

  get places(): ReadonlyArray<DevicePlace | undefined> {
    return this.#places;
  }

  get series(): ReadonlyArray<StoredSeries | undefined> {
    return this.#series;
  }

  addPlace(number: number, place: DevicePlace): void {
    this.#places[number] = place;
    this.#placeNumbers.set(`${place.device} ${place.site}`, number);
    push(this.#numbersOfDevice, place.device, number);
    push(this.#numbersOfSite, place.site, number);
  }

  addSeries(number: number, series: StoredSeries): void {
    this.#series[number] = series;
    this.#seriesNumbers.set(keyOf(series), number);
    push(this.#instances, series.name, number);
    const key = shortKey(series.name, series.instance);
    if (!this.#byName.has(key)) this.#byName.set(key, number);
  }

  placeNumber({ device, site }: DevicePlace): number | undefined {
    return this.#placeNumbers.get(`${device} ${site}`);
  }

  seriesNumber(series: StoredSeries): number | undefined {
    return this.#seriesNumbers.get(keyOf(series));
  }

  numberOf(name: string, instance: string): number | undefined {
    return this.#byName.get(shortKey(name, instance));
  }

  instancesOf(name: string): number[] {
    return [...(this.#instances.get(name) ?? [])];
  }

  /** The number that stands for a name, all its instances together: its first. */
  nameNumber(name: string): number | undefined {
    return this.#instances.get(name)?.[0];
  }

  numbersOfDevice(device: DeviceId): readonly number[] {
    return this.#numbersOfDevice.get(device) ?? [];
  }

  numbersOfSite(site: SiteId): readonly number[] {
    return this.#numbersOfSite.get(site) ?? [];
  }

  sites(): SiteId[] {
    return [...this.#numbersOfSite.keys()];
  }

  /** Numbers below these were given, even where nobody can read to what. */
  reserve(places: number, series: number): void {
    this.#places.length = Math.max(this.#places.length, places);
    this.#series.length = Math.max(this.#series.length, series);
  }

  /** The next free number, by which the caller keeps the place. */
  nextPlace(site: SiteId): number {
    if (this.numbersOfSite(site).length >= MAX_SITE_DEVICES)
      throw new AppError(
        'too-large',
        `day ${dayText(this.#day)}: more than ${MAX_SITE_DEVICES} devices at site ${site}`,
      );
    if (this.#places.length >= MAX_DAY_DEVICES)
      throw new AppError('too-large', `day ${dayText(this.#day)}: more than ${MAX_DAY_DEVICES} devices`);
    return this.#places.length;
  }

  nextSeries(): number {
    if (this.#series.length >= MAX_DAY_SERIES)
      throw new AppError('too-large', `day ${dayText(this.#day)}: more than ${MAX_DAY_SERIES} series`);
    return this.#series.length;
  }
}

function push<K>(map: Map<K, number[]>, key: K, number: number): void {
  const numbers = map.get(key);
  if (numbers === undefined) map.set(key, [number]);
  else numbers.push(number);
}
