// The day store on files: writes into open days, reads days in whatever files they are, closes, archives, forgets and checks them.
import { rmSync } from 'node:fs';
import { checkOpenDay, checkPackedDay } from './check-day.ts';
import { damaged, failedWrite } from './damaged.ts';
import { DayFiles, type DayFilesOptions } from './day-files.ts';
import { type DayLayers, isEmpty } from './day-layers.ts';
import { dayText, TIERS } from './day-paths.ts';
import type {
  Day,
  DayFault,
  DayKeeper,
  DayReader,
  DayState,
  DayStore,
  DayWriter,
  Forgotten,
  Tier,
} from './day-store.ts';
import { KeptDay } from './kept-day.ts';
import { OpenDayReader } from './open-day-reader.ts';
import { OpenDayWriter } from './open-day-writer.ts';
import { PackedDayReader } from './packed-day-reader.ts';
import { PackedFile } from './packed-file.ts';
import { PackedWriter } from './packed-writer.ts';
import { restOf, rewriteDay } from './rewrite-day.ts';

export type FileDayStoreOptions = DayFilesOptions;

interface Plan {
  /** Files that come to be; the first takes raw values, the last totals. */
  into: readonly Tier[];
  isJoined: boolean;
  forgotten?: Forgotten;
}

export class FileDayStore implements DayStore, DayKeeper {
  readonly #files: DayFiles;
  readonly #onDamage: (text: string) => void;
  /** How often a day was written to: work in slices sees that it has to begin anew. */
  readonly #writes = new Map<Day, number>();

  constructor(options: FileDayStoreOptions) {
    this.#files = new DayFiles(options);
    this.#onDamage = options.onDamage;
  }

  write<T>(day: Day, work: (writer: DayWriter) => T): T {
    this.#writes.set(day, (this.#writes.get(day) ?? 0) + 1);
    try {
      const file = this.#files.writable(day);
      file.begin();
      try {
        const result = work(new OpenDayWriter(file, this.#files.packed(day), this.#onDamage));
        file.commit();
        return result;
      } catch (error) {
        // The file in memory says more than the one on disk.
        file.rollback();
        this.#files.letGo('hours', day);
        throw error;
      }
    } catch (error) {
      throw failedWrite(day, error);
    }
  }

  read(day: Day): DayReader | undefined {
    return isEmpty(this.#files.layers(day)) ? undefined : new KeptDay(day, () => this.#readers(day));
  }

  states(): DayState[] {
    return this.#files.states();
  }

  drop(day: Day, tier: Tier): void {
    this.#writes.set(day, (this.#writes.get(day) ?? 0) + 1);
    this.#files.remove(tier, day);
  }

  *rollUp(day: Day): Generator<void, boolean> {
    if (!this.#files.has('hours', day)) return true;
    return yield* this.#rewrite(day, { into: this.#kept(day), isJoined: this.#files.has('archive', day) });
  }

  *archive(day: Day): Generator<void, boolean> {
    if (!['raw', 'hours', 'days'].some((tier) => this.#files.has(tier as Tier, day))) return true;
    return yield* this.#rewrite(day, { into: ['archive'], isJoined: true });
  }

  *forget(day: Day, forgotten: Forgotten): Generator<void, boolean> {
    const { open, packed } = this.#files.layers(day);
    if (open === undefined && packed.length === 0) return true;
    return yield* this.#rewrite(day, { into: this.#kept(day), isJoined: this.#files.has('archive', day), forgotten });
  }

  *check(day: Day): Generator<void, DayFault[]> {
    const faults: DayFault[] = [];
    const layers = this.#files.ownLayers(day);
    try {
      if (layers.open !== undefined)
        yield* checkOpenDay(layers.open, (detail) => faults.push({ day, tier: 'hours', detail }));
      for (const file of layers.packed)
        yield* checkPackedDay(file, (detail) => faults.push({ day, tier: tierOf(file), detail }));
      return faults;
    } finally {
      closeAll(layers);
    }
  }

  stop(): void {
    this.#files.stop();
  }

  #readers(day: Day): DayReader[] {
    const { open, packed } = this.#files.layers(day);
    return [
      ...(open === undefined ? [] : [new OpenDayReader(open)]),
      ...packed.map((file) => new PackedDayReader(file)),
    ];
  }

  /** Where a closed day lies: archived days stay archived. */
  #kept(day: Day): readonly Tier[] {
    return this.#files.has('archive', day) ? ['archive'] : ['raw', 'days'];
  }

  *#rewrite(day: Day, { into, isJoined, forgotten }: Plan): Generator<void, boolean> {
    const before = this.#writes.get(day);
    const layers = this.#files.ownLayers(day);
    const writers = into.map((tier) => new PackedWriter(this.#files.pathOf(tier, day), day));
    let unread = 0;
    try {
      const [raw] = writers;
      yield* rewriteDay({
        ...{ day, layers, raw, totals: writers.at(-1), isJoined },
        ...(forgotten === undefined ? {} : { forgotten }),
        onUnread: (what, error) => {
          unread += 1;
          this.#onDamage(damaged(day, what, error).message);
        },
      });
      for (const writer of writers) {
        writer.finish(restOf(layers));
        yield;
        yield* verify(writer.madeFile, day, { unread, isOpened: isJoined });
      }
      if (this.#writes.get(day) !== before) return false;
      this.#replace(day, into, writers, unread);
      return true;
    } catch (error) {
      throw failedWrite(day, error);
    } finally {
      for (const writer of writers) writer.discard();
      closeAll(layers);
    }
  }

  /** From here on nothing gives way. Killed between two steps, the open file still counts before the others. */
  #replace(day: Day, into: readonly Tier[], writers: readonly PackedWriter[], unread: number): void {
    for (const [i, tier] of into.entries()) {
      this.#files.letGo(tier, day);
      writers[i]?.rename();
      this.#files.appeared(tier, day);
    }
    for (const tier of TIERS) {
      if (into.includes(tier) || !this.#files.has(tier, day)) continue;
      if (unread > 0) this.#files.putAside(tier, day, `${unread} parts could not be read`);
      else this.#files.remove(tier, day);
    }
  }
}

const TIER_OF = /([a-z]+)[/\\][^/\\]+$/;
const tierOf = (file: PackedFile): Tier => {
  const name = TIER_OF.exec(file.path)?.[1];
  return TIERS.find((tier) => tier === name) ?? 'days';
};

function closeAll({ open, packed }: DayLayers): void {
  open?.close();
  for (const file of packed) file.close();
}

/** Reads all of a file that was just written; what it replaces is still there. */
function* verify(
  made: string,
  day: Day,
  { unread, isOpened }: { unread: number; isOpened: boolean },
): Generator<void, void> {
  const file = new PackedFile(made, day);
  const faults: string[] = [];
  try {
    yield* checkPackedDay(file, (detail) => faults.push(detail), isOpened);
  } finally {
    file.close();
  }
  // Chunks that were damaged before were copied as they are.
  if (faults.length <= unread) return;
  rmSync(made, { force: true });
  throw damaged(day, `what was written does not read back (${faults[0]}, ${dayText(day)})`);
}
