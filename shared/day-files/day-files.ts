// The files of the days in one folder: opens what is asked for, keeps few of them open, and puts aside what is no day file.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { describeError } from '#shared/base/errors.ts';
import { isUnfit } from './damaged.ts';
import { coverageOf, type DayLayers, placesOf } from './day-layers.ts';
import { dayFile, dayOfName, dayText, TIERS } from './day-paths.ts';
import type { Day, DayState, Tier } from './day-store.ts';
import { syncFolder } from './open-day-database.ts';
import { OpenDayFile } from './open-day-file.ts';
import { PackedFile } from './packed-file.ts';
import { removeFile } from './remove-file.ts';

export interface DayFilesOptions {
  /** Where the tiers' folders lie. */
  folder: string;
  /** What the disk changed, in words that name day and thing: for the log. */
  onDamage: (text: string) => void;
  /** Files open at a time. */
  maxOpen?: number;
}

/**
 * A chart of 90 days opens them one after the other; a week in all its tiers stays open. An open day keeps up to 2 MiB of pages and
 * its dictionary, a closed one its list of parts (about 424 bytes a device) and the chunk it opened last.
 */
const MAX_OPEN = 24;

/** Files of the newest days stay open while charts of long spans go through all the others: today's takes a third of a second to open. */
const KEPT_DAYS = 8;

/** Two years in all tiers, 100 bytes each. */
const MAX_PATHS = 4_096;

const PACKED: readonly Tier[] = ['raw', 'days', 'archive'];

export class DayFiles {
  readonly #folder: string;
  readonly #onDamage: (text: string) => void;
  readonly #maxOpen: number;
  /** By path, least recently used first. */
  readonly #held = new Map<string, OpenDayFile | PackedFile>();
  /** By day and tier: each row that is read asks for its file by name, and a date in words takes as long as the row. */
  readonly #paths = new Map<number, string>();
  /** Files that are there, by tier: asked of the disk once. */
  readonly #days = new Map<Tier, Set<Day>>();

  constructor({ folder, onDamage, maxOpen = MAX_OPEN }: DayFilesOptions) {
    this.#folder = folder;
    this.#onDamage = onDamage;
    this.#maxOpen = maxOpen;
    for (const tier of TIERS) {
      const place = path.join(folder, tier);
      mkdirSync(place, { recursive: true, mode: 0o700 });
      const names = readdirSync(place);
      // What a killed process was making, or taking away.
      for (const name of names)
        if (/\.(tmp(-journal)?|gone)$/.test(name)) rmSync(path.join(place, name), { force: true });
      this.#days.set(tier, new Set(names.flatMap((name) => dayOfName(name, tier) ?? [])));
    }
  }

  pathOf(tier: Tier, day: Day): string {
    const name = day * TIERS.length + TIERS.indexOf(tier);
    const known = this.#paths.get(name);
    if (known !== undefined) return known;
    const made = dayFile(this.#folder, tier, day);
    if (this.#paths.size >= MAX_PATHS) this.#paths.clear();
    this.#paths.set(name, made);
    return made;
  }

  has(tier: Tier, day: Day): boolean {
    return this.#days.get(tier)?.has(day) ?? false;
  }

  states(): DayState[] {
    return TIERS.flatMap((tier) =>
      [...(this.#days.get(tier) ?? [])].map((day) => ({ day, tier, bytes: sizeOf(this.pathOf(tier, day)) })),
    ).sort((a, b) => a.day - b.day);
  }

  /** The day's open file, made where there is none; it takes over the numbers of the closed ones. */
  writable(day: Day): OpenDayFile {
    const known = this.open(day);
    if (known !== undefined) return known;
    const packed = this.packed(day);
    const file = new OpenDayFile(this.pathOf('hours', day), day);
    const [dictionary] = packed.map((one) => one.dictionary);
    const layers = { open: undefined, packed };
    if (dictionary !== undefined) file.seed(placesOf(layers), dictionary, coverageOf(layers));
    this.#days.get('hours')?.add(day);
    this.#hold(this.pathOf('hours', day), file);
    return file;
  }

  open(day: Day): OpenDayFile | undefined {
    return this.#handle('hours', day, (file) => new OpenDayFile(file, day));
  }

  packed(day: Day): PackedFile[] {
    return PACKED.flatMap((tier) => this.#handle(tier, day, (file) => new PackedFile(file, day)) ?? []);
  }

  layers(day: Day): DayLayers {
    return { open: this.open(day), packed: this.packed(day) };
  }

  /** Handles of the caller's own, which nobody closes under it. */
  ownLayers(day: Day): DayLayers {
    // Asking for them puts aside what is damaged, and tells of it.
    const { open, packed } = this.layers(day);
    return {
      open: open === undefined ? undefined : new OpenDayFile(this.pathOf('hours', day), day),
      packed: packed.length === 0 ? [] : PACKED.flatMap((tier) => this.#own(tier, day)),
    };
  }

  #own(tier: Tier, day: Day): PackedFile[] {
    return this.has(tier, day) ? [new PackedFile(this.pathOf(tier, day), day)] : [];
  }

  /** The handle is closed; the next one sees what is on disk. */
  letGo(tier: Tier, day: Day): void {
    const file = this.pathOf(tier, day);
    this.#held.get(file)?.close();
    this.#held.delete(file);
  }

  /** A file of that name was put there. */
  appeared(tier: Tier, day: Day): void {
    this.letGo(tier, day);
    this.#days.get(tier)?.add(day);
  }

  remove(tier: Tier, day: Day): void {
    const file = this.pathOf(tier, day);
    this.letGo(tier, day);
    // First: a journal left alone would be played into the next file of that name.
    rmSync(`${file}-journal`, { force: true });
    removeFile(file);
    syncFolder(path.dirname(file));
    this.#days.get(tier)?.delete(day);
  }

  /** Kept under another name for whoever wants to look into it. */
  putAside(tier: Tier, day: Day, why: string): void {
    const file = this.pathOf(tier, day);
    this.letGo(tier, day);
    let number = 1;
    while (existsSync(`${file}.damaged-${number}`)) number += 1;
    renameSync(file, `${file}.damaged-${number}`);
    if (existsSync(`${file}-journal`)) renameSync(`${file}-journal`, `${file}.damaged-${number}-journal`);
    this.#days.get(tier)?.delete(day);
    this.#onDamage(`${file}: ${why}; moved to ${path.basename(file)}.damaged-${number}`);
  }

  stop(): void {
    for (const file of this.#held.values()) file.close();
    this.#held.clear();
  }

  #handle<File extends OpenDayFile | PackedFile>(tier: Tier, day: Day, open: (file: string) => File): File | undefined {
    if (!this.has(tier, day)) return undefined;
    const file = this.pathOf(tier, day);
    // What lies under a tier's path was opened by the same function.
    const known = this.#held.get(file) as File | undefined;
    const found = known ?? this.#opened(tier, day, open);
    if (found !== undefined) this.#hold(file, found);
    return found;
  }

  #opened<File extends OpenDayFile | PackedFile>(tier: Tier, day: Day, open: (file: string) => File): File | undefined {
    const file = this.pathOf(tier, day);
    try {
      const opened = open(file);
      if (opened instanceof OpenDayFile)
        for (const part of opened.healed)
          this.#onDamage(`day ${dayText(day)}, ${tier}: ${part} was damaged, and is whole again`);
      for (const fault of opened.faults) this.#onDamage(`day ${dayText(day)}, ${tier}: ${fault} is damaged`);
      return opened;
    } catch (error) {
      if (!existsSync(file)) {
        this.#days.get(tier)?.delete(day);
        return undefined;
      }
      if (!isUnfit(error) && describeError(error).code !== 'frame-malformed') throw error;
      this.putAside(tier, day, describeError(error).message);
      return undefined;
    }
  }

  #hold(file: string, handle: OpenDayFile | PackedFile): void {
    this.#held.delete(file);
    this.#held.set(file, handle);
    // The files of one day are used together: four of them are never closed by one another.
    const excess = this.#held.size - Math.max(4, this.#maxOpen);
    if (excess <= 0) return;
    const newest = Math.max(...[...this.#held.values()].map((other) => other.day));
    const isOld = ([, other]: [string, { day: Day }]) => other.day <= newest - KEPT_DAYS && other.day !== handle.day;
    const held = [...this.#held];
    for (const [oldest, other] of [...held.filter(isOld), ...held.filter((one) => !isOld(one))].slice(0, excess)) {
      other.close();
      this.#held.delete(oldest);
    }
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
