// The worker's sealing of one site's hour: frames are decoded as they come, gathered by device, merged with what is kept, and written.
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import { batchesOf } from '#shared/codec/bundle.ts';
import { DeltaDecoder, type Row } from '#shared/codec/delta-decoder.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import type { Coverage, DayReader, DayWriter } from '#shared/day-files/day-store.ts';
import { fitHour, knownIn } from '#shared/day-files/fit-hour.ts';
import { HourRows } from '#shared/day-files/hour-rows.ts';
import { hourTotals, type NumberOf } from '#shared/day-files/hour-totals.ts';
import { joinHours } from '#shared/day-files/join-hours.ts';
import { BatchRows } from './batch-rows.ts';
import { HourDictionary } from './hour-dictionary.ts';
import { type LastRows, readRaw } from './last-rows.ts';
import type { ChainFrames, Sealed } from './metric-engine.ts';
import type { CallContext } from './worker-call.ts';

/** Values of gathered rows, at 8 bytes each 64 MB: 6 hours of 500 devices at 40 series. Beyond it, what is there is written first. */
const MAX_HELD = 8_000_000;
/** Values of one transaction: about 40 ms of sealing, in which nobody else is answered; a transaction costs 3 ms. */
const SLICE_VALUES = 200_000;
/** Frames that are set aside for people; of more the number is told. */
const MAX_SPOILED = 1_000;
const HOURS_OF_DAY = 24;
const dayOf = (hour: number): number => Math.floor(hour / HOURS_OF_DAY);

/** One batch is read at a time, in one thread. */
const rows = new BatchRows();

export interface SealContext extends Pick<CallContext, 'store' | 'giveWay'> {
  lastRows: LastRows;
  /** The site's own devices: a relay may name any, and is believed about these alone. Undefined: whoever calls has looked. */
  own?: ReadonlySet<DeviceId> | undefined;
}

/** One device's hour as a relay told of it: in frames, or sealed. */
export interface ToldHour {
  relay: RelayId;
  device: DeviceId;
  /** How much work it is, in values. */
  readonly values: number;
  /** In the numbers of this day. */
  hour(dictionary: HourDictionary, writer: DayWriter): DeviceHour;
  /** The same as a chunk that can be kept as it is; asked after `hour`. */
  chunk?(): Uint8Array | undefined;
}

/** Gathered from frames. */
class Gathered implements ToldHour {
  readonly relay: RelayId;
  readonly device: DeviceId;
  readonly rows = new HourRows();

  constructor(relay: RelayId, device: DeviceId) {
    this.relay = relay;
    this.device = device;
  }

  get values(): number {
    return this.rows.values;
  }

  hour(dictionary: HourDictionary, writer: DayWriter): DeviceHour {
    return this.rows.hour((list) => dictionary.numbering(list, writer));
  }
}

/** A device whose totals are made anew. */
interface Again {
  device: DeviceId;
  data: DeviceHour;
}

interface Files {
  writer: DayWriter;
  /** Where the hour may be kept in part. */
  kept: DayReader | undefined;
  /** Of the hour before. */
  before: DayReader | undefined;
}

export class SealHour {
  readonly #site: SiteId;
  readonly #hour: number;
  readonly #context: SealContext;
  readonly #dictionary: HourDictionary;
  /** Of the hour before, which may be of another day. */
  readonly #former: HourDictionary;
  readonly #coverage = new Map<RelayId, Coverage>();
  readonly #gathered = new Map<RelayId, Map<DeviceId, Gathered>>();
  /** Devices whose next hour was sealed before: its first rise begins with this hour's last row. */
  readonly #followed = new Set<DeviceId>();
  readonly #sealed: Sealed = { devices: 0, samples: 0, undecodable: 0 };
  readonly #devices = new Set<DeviceId>();
  /** The next hour was sealed before. */
  #isFollowed: boolean = false;
  /** Something of this hour may be in the file, to be merged with. */
  #isKept: boolean = false;
  #chain: { name: string; decoder: DeltaDecoder } | undefined;
  #numbering: { writer: DayWriter; numberOf: NumberOf } | undefined;
  #held = 0;
  /** Frames that came, and which of them do not decode. */
  #frames = 0;
  readonly #spoiled: number[] = [];

  constructor(site: SiteId, hour: number, context: SealContext) {
    this.#site = site;
    this.#hour = hour;
    this.#context = context;
    const { store } = context;
    this.#dictionary = new HourDictionary(() => store.read(dayOf(hour)));
    const isSameDay = dayOf(hour - 1) === dayOf(hour);
    this.#former = isSameDay ? this.#dictionary : new HourDictionary(() => store.read(dayOf(hour - 1)));
  }

  /** Frames that go on from the last of the same chain, or begin another. */
  async add({ relay, epoch, lane, frames }: ChainFrames): Promise<void> {
    const name = `${relay} ${epoch} ${lane}`;
    if (this.#chain?.name !== name) this.#chain = { name, decoder: new DeltaDecoder(this.#hour) };
    for (const frame of frames) {
      this.#gather(relay, this.#chain.decoder, frame);
      this.#frames += 1;
      if (this.#held > MAX_HELD) await this.#write();
      await this.#context.giveWay();
    }
  }

  /** So far. */
  get sealed(): Sealed {
    return { ...this.#sealed, devices: this.#devices.size };
  }

  /** Hours that a relay sealed; on disk when it resolves. */
  async keep(hours: Iterable<ToldHour>): Promise<void> {
    await this.#writeAll(hours);
  }

  /** What the relay says that it has, once all of it was told: it is not asked again for what it cannot give. */
  claim(relay: RelayId, { devices, samples }: Pick<Coverage, 'devices' | 'samples'>): void {
    const known = this.#coverageOf(this.#hour).find((one) => one.relay === relay);
    if ((known?.samples ?? 0) >= samples) return;
    const claimed = { relay, hour: this.#hour, devices: Math.max(devices, known?.devices ?? 0), samples };
    this.#coverage.set(relay, claimed);
    this.#context.store.write(dayOf(this.#hour), (writer) => writer.cover(claimed));
  }

  /** Everything is on disk when it resolves. */
  async finish(): Promise<Sealed> {
    await this.#write();
    this.#sealed.devices = this.#devices.size;
    if (this.#sealed.devices > 0) this.#sumSite();
    if (this.#followed.size > 0) await this.#totalNext();
    return this.#spoiled.length === 0 ? this.#sealed : { ...this.#sealed, spoiled: this.#spoiled };
  }

  #gather(relay: RelayId, decoder: DeltaDecoder, frame: Uint8Array): void {
    const devices = this.#gathered.get(relay) ?? new Map<DeviceId, Gathered>();
    this.#gathered.set(relay, devices);
    try {
      // Batch by batch: what stands before a spoiled one in a bundle is read.
      for (const batch of batchesOf(frame)) {
        rows.clear();
        decoder.visit(batch, rows);
        for (const row of rows.rows) this.#take(relay, devices, row);
      }
    } catch (error) {
      // Ingest read each of them once: this is a frame that was stored twice, or that the disk changed. The rest of the hour goes on.
      if (!(error instanceof AppError) || error.code !== 'frame-malformed') throw error;
      this.#sealed.undecodable += 1;
      if (this.#spoiled.length < MAX_SPOILED) this.#spoiled.push(this.#frames);
    }
  }

  #take(relay: RelayId, devices: Map<DeviceId, Gathered>, { device, at, series, from }: Row): void {
    if (this.#context.own?.has(device) === false) {
      this.#sealed.foreign = (this.#sealed.foreign ?? 0) + series.length;
      return;
    }
    let one = devices.get(device);
    if (one === undefined) {
      one = new Gathered(relay, device);
      devices.set(device, one);
    }
    one.rows.addRow(at, series, rows.values, from);
    this.#held += series.length;
  }

  /** Relay by relay, so that a device two of them told of is merged with what the first has written. */
  async #write(): Promise<void> {
    for (const devices of this.#gathered.values()) await this.#writeAll(devices.values());
    this.#gathered.clear();
    this.#held = 0;
  }

  async #writeAll(hours: Iterable<ToldHour>): Promise<void> {
    // Another call may have written of this hour since the last part.
    for (const one of this.#coverageOf(this.#hour)) this.#coverage.set(one.relay, one);
    this.#isKept ||= this.#coverage.size > 0;
    this.#isFollowed ||= this.#coverageOf(this.#hour + 1).length > 0;
    let slice: ToldHour[] = [];
    let values = 0;
    for (const one of hours) {
      slice.push(one);
      values += one.values;
      if (values < SLICE_VALUES) continue;
      this.#writeSlice(slice);
      await this.#context.giveWay();
      slice = [];
      values = 0;
    }
    this.#writeSlice(slice);
    this.#isKept = true;
    await this.#context.giveWay();
  }

  #writeSlice(slice: readonly ToldHour[]): void {
    if (slice.length === 0) return;
    const { store, lastRows } = this.#context;
    const kept = this.#isKept ? store.read(dayOf(this.#hour)) : undefined;
    const before = store.read(dayOf(this.#hour - 1));
    const told = new Set(slice.map(({ relay }) => relay));
    const merged = store.write(dayOf(this.#hour), (writer) => {
      const hours = slice.map((one) => ({
        device: one.device,
        hour: this.#writeDevice(one, { writer, kept, before }),
      }));
      for (const relay of told) {
        const coverage = this.#coverage.get(relay);
        if (coverage !== undefined) writer.cover(coverage);
      }
      return hours;
    });
    for (const { device, hour } of merged) {
      this.#devices.add(device);
      if (hour !== undefined) lastRows.take(device, this.#hour, hour);
    }
  }

  /** Undefined when all of it was there before. */
  #writeDevice(one: ToldHour, { writer, kept: reader, before }: Files): DeviceHour | undefined {
    const { relay, device } = one;
    const told = one.hour(this.#dictionary, writer);
    const kept = readRaw(reader, device, this.#hour);
    const hour = fitHour(kept === undefined ? told : (joinHours([kept, told]) ?? told));
    // Also where all of it is here already: whoever wrote it may have ended before the totals of the next hour were made again.
    if (this.#isFollowed) this.#followed.add(device);
    const news = knownIn(hour) - (kept === undefined ? 0 : knownIn(kept));
    if (kept !== undefined && news <= 0 && hour.times.length === kept.times.length) return undefined;
    const place = { device, site: this.#site };
    const chunk = kept === undefined ? one.chunk?.() : undefined;
    if (chunk === undefined) writer.putRaw(place, this.#hour, hour);
    else writer.putChunk(place, this.#hour, chunk);
    this.#putTotals(writer, before, device, hour);
    this.#count(relay, { devices: kept === undefined ? 1 : 0, samples: Math.max(0, news) });
    return hour;
  }

  #putTotals(writer: DayWriter, reader: DayReader | undefined, device: DeviceId, data: DeviceHour): void {
    const hour = this.#hour;
    const { seriesOf } = this.#former;
    const former = this.#context.lastRows.rowOf(device, hour - 1, { reader, seriesOf });
    const { series, totals } = hourTotals(data, this.#dictionary.seriesOf, former, this.#numberOf(writer));
    writer.putTotals({ device, site: this.#site }, hour, series, totals);
  }

  /** One function for one transaction: what it has numbered is known for all its devices. */
  #numberOf(writer: DayWriter): NumberOf {
    if (this.#numbering?.writer !== writer)
      this.#numbering = { writer, numberOf: (series) => this.#dictionary.numberOf(series, writer) };
    return this.#numbering.numberOf;
  }

  /** Kept with the slice. */
  #count(relay: RelayId, more: Pick<Coverage, 'devices' | 'samples'>): void {
    const known = this.#coverage.get(relay) ?? { relay, hour: this.#hour, devices: 0, samples: 0 };
    const next = { ...known, devices: known.devices + more.devices, samples: known.samples + more.samples };
    this.#coverage.set(relay, next);
    this.#sealed.samples += more.samples;
  }

  #sumSite(): void {
    this.#context.store.write(dayOf(this.#hour), (writer) => writer.sumSite(this.#site, this.#hour));
  }

  /** The hour behind this one was sealed first: its totals begin with another last row now. */
  async #totalNext(): Promise<void> {
    const next = new SealHour(this.#site, this.#hour + 1, this.#context);
    let slice: Again[] = [];
    let values = 0;
    for (const device of this.#followed) {
      const one = next.#again(device);
      if (one === undefined) continue;
      slice.push(one);
      values += one.data.values.length;
      if (values < SLICE_VALUES) continue;
      await next.#totalAgain(slice);
      slice = [];
      values = 0;
    }
    await next.#totalAgain(slice);
    if (next.#devices.size > 0) next.#sumSite();
  }

  /** Undefined for a device of which this hour has nothing: another relay was sealed. */
  #again(device: DeviceId): Again | undefined {
    const data = readRaw(this.#context.store.read(dayOf(this.#hour)), device, this.#hour);
    return data && { device, data };
  }

  /** In one transaction. */
  async #totalAgain(slice: readonly Again[]): Promise<void> {
    if (slice.length === 0) return;
    const { store, giveWay } = this.#context;
    const before = store.read(dayOf(this.#hour - 1));
    store.write(dayOf(this.#hour), (writer) => {
      for (const { device, data } of slice) this.#putTotals(writer, before, device, data);
    });
    for (const { device } of slice) this.#devices.add(device);
    await giveWay();
  }

  #coverageOf(hour: number): Coverage[] {
    return (this.#context.store.read(dayOf(hour))?.coverage() ?? []).filter((one) => one.hour === hour);
  }
}
