// The day store on files: opens the day that is asked for, keeps few of them open, and puts aside what is no day file.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError, describeError } from '#shared/base/errors.ts';
import { failedWrite, isDamage } from './damaged.ts';
import { dayFile, dayOfName, dayText, TIERS } from './day-paths.ts';
import type { Day, DayReader, DayState, DayStore, DayWriter, Tier } from './day-store.ts';
import { KeptDay } from './kept-day.ts';
import { OpenDayFile, syncFolder } from './open-day-file.ts';
import { OpenDayReader } from './open-day-reader.ts';
import { OpenDayWriter } from './open-day-writer.ts';

export interface FileDayStoreOptions {
  /** Where the tiers' folders lie. */
  folder: string;
  /** What the disk changed, in words that name day and thing: for the log. */
  onDamage: (text: string) => void;
  /** Databases open at a time: each keeps up to 2 MiB of pages and its dictionary. */
  maxOpen?: number;
}

/** A week and a few days that come late. */
const MAX_OPEN = 10;

export class FileDayStore implements DayStore {
  readonly #folder: string;
  readonly #onDamage: (text: string) => void;
  readonly #maxOpen: number;
  /** Least recently used first. */
  readonly #open = new Map<Day, OpenDayFile>();

  constructor({ folder, onDamage, maxOpen = MAX_OPEN }: FileDayStoreOptions) {
    this.#folder = folder;
    this.#onDamage = onDamage;
    this.#maxOpen = maxOpen;
    for (const tier of TIERS) mkdirSync(path.join(folder, tier), { recursive: true, mode: 0o700 });
  }

  write<T>(day: Day, work: (writer: DayWriter) => T): T {
    let file: OpenDayFile | undefined;
    try {
      file = this.#opened(day, true);
      if (file === undefined) throw new AppError('internal', `day ${dayText(day)}: its file was not made`);
      file.begin();
      const result = work(new OpenDayWriter(file, this.#onDamage));
      file.commit();
      return result;
    } catch (error) {
      this.#letGo(day, file);
      throw failedWrite(day, error);
    }
  }

  read(day: Day): DayReader | undefined {
    return this.#layers(day).length === 0 ? undefined : new KeptDay(day, () => this.#layers(day));
  }

  states(): DayState[] {
    return TIERS.flatMap((tier) =>
      readdirSync(path.join(this.#folder, tier)).flatMap((name) => {
        const day = dayOfName(name, tier);
        const file = path.join(this.#folder, tier, name);
        return day === undefined ? [] : [{ day, tier, bytes: statSync(file).size }];
      }),
    ).sort((a, b) => a.day - b.day);
  }

  drop(day: Day, tier: Tier): void {
    const file = dayFile(this.#folder, tier, day);
    if (tier === 'hours') {
      this.#open.get(day)?.close();
      this.#open.delete(day);
      // First: a journal left alone would be played into the next file of that name.
      rmSync(`${file}-journal`, { force: true });
    }
    rmSync(file, { force: true });
    syncFolder(path.dirname(file));
  }

  stop(): void {
    for (const file of this.#open.values()) file.close();
    this.#open.clear();
  }

  #layers(day: Day): DayReader[] {
    const file = this.#opened(day, false);
    return file === undefined ? [] : [new OpenDayReader(file)];
  }

  #opened(day: Day, isMade: boolean): OpenDayFile | undefined {
    const known = this.#open.get(day);
    const file = known ?? this.#openFile(day, isMade);
    if (file === undefined) return undefined;
    this.#open.delete(day);
    this.#open.set(day, file);
    for (const [oldest, other] of this.#open) {
      if (this.#open.size <= this.#maxOpen) break;
      other.close();
      this.#open.delete(oldest);
    }
    return file;
  }

  #openFile(day: Day, isMade: boolean): OpenDayFile | undefined {
    const name = dayFile(this.#folder, 'hours', day);
    if (!isMade && !existsSync(name)) return undefined;
    try {
      const file = new OpenDayFile(name, day);
      for (const fault of file.faults) this.#onDamage(`day ${dayText(day)}: ${fault} is damaged`);
      return file;
    } catch (error) {
      if (!isDamage(error) && describeError(error).code !== 'frame-malformed') throw error;
      this.#putAside(name, describeError(error).message);
      return isMade ? new OpenDayFile(name, day) : undefined;
    }
  }

  /** Kept under another name for whoever wants to look into it. */
  #putAside(file: string, why: string): void {
    let number = 1;
    while (existsSync(`${file}.damaged-${number}`)) number += 1;
    renameSync(file, `${file}.damaged-${number}`);
    if (existsSync(`${file}-journal`)) renameSync(`${file}-journal`, `${file}.damaged-${number}-journal`);
    this.#onDamage(`${file}: ${why}; moved to ${path.basename(file)}.damaged-${number}`);
  }

  /** After a failed write the file in memory says more than the one on disk. */
  #letGo(day: Day, file: OpenDayFile | undefined): void {
    if (file === undefined) return;
    this.#open.delete(day);
    try {
      file.rollback();
    } finally {
      file.close();
    }
  }
}
