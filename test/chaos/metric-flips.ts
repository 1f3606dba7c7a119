// Bits of day files turned over one at a time: what is read is what was sealed, or an error that names it, and the rest stays readable.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '#shared/base/errors.ts';
import { dayFile } from '#shared/day-files/day-paths.ts';
import type { DayReader, Tier } from '#shared/day-files/day-store.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import { type MadeHour, sealMadeDay, siteNo, TEST_DAY } from '#test/fixtures/day-kit.ts';

/** What is asked of a day, and what it answered before a bit was turned. */
interface Question {
  what: string;
  ask: (reader: DayReader) => unknown;
  answer: unknown;
}

export interface FlipReport {
  flips: number;
  /** Answers that were another than before, without a word. */
  wrong: number;
  /** Flips after which some question was refused, or the file was put aside. */
  refusing: number;
  /** The largest share of questions that one flip took away. */
  worstLost: number;
  /** The first of what is wrong. */
  firstWrong: string | undefined;
}

const NAMES = ['load.1', 'cpu.user', 'filesystem.used'];
const SITES = 2;

function questionsOf(made: readonly MadeHour[], reader: DayReader): Question[] {
  const devices = [...new Set(made.map(({ device }) => device))];
  const asks: Array<Omit<Question, 'answer'>> = [
    ...made.map(({ device, hour }) => ({ what: `raw ${device} ${hour}`, ask: (r: DayReader) => r.raw(device, hour) })),
    ...devices.map((device) => ({ what: `totals ${device}`, ask: (r: DayReader) => new Map(r.totals(device)) })),
    // An hour of which nobody knows whether it was there is named, and refused when it is read.
    ...devices.map((device) => ({
      what: `hours ${device}`,
      ask: (r: DayReader) => r.rawHours(device).filter((hour) => r.raw(device, hour) !== undefined),
    })),
    ...NAMES.flatMap((name) =>
      Array.from({ length: SITES }, (_, site) => ({
        what: `site ${site} ${name}`,
        ask: (r: DayReader) => r.site(siteNo(site), name),
      })),
    ),
    ...NAMES.map((name) => ({ what: `series ${name}`, ask: (r: DayReader) => r.seriesOf(r.numberOf(name, '') ?? -1) })),
  ];
  return asks.map((one) => ({ ...one, answer: one.ask(reader) }));
}

export interface FlipPlan {
  folder: string;
  tiers: readonly Tier[];
  devices: number;
  hours: number;
  flips: number;
  random: () => number;
}

/** Seals a day, brings it into the tiers, and turns bits of their files. */
export function flipBits({ folder, tiers, devices, hours, flips, random }: FlipPlan): FlipReport {
  const source = path.join(folder, 'source');
  const store = new FileDayStore({ folder: source, onDamage: () => undefined });
  const made = sealMadeDay(store, { devices, sites: SITES, hours });
  if (tiers.includes('days')) finish(store.rollUp(TEST_DAY));
  if (tiers.includes('archive')) finish(store.archive(TEST_DAY));
  const reader = store.read(TEST_DAY);
  if (reader === undefined) throw new Error('no day was made');
  const questions = questionsOf(made, reader);
  store.stop();
  const report: FlipReport = { flips: 0, wrong: 0, refusing: 0, worstLost: 0, firstWrong: undefined };
  for (let flip = 0; flip < flips; flip += 1) {
    const tier = tiers[flip % tiers.length] ?? 'hours';
    const copy = copyOf(source, path.join(folder, 'copy'), tiers);
    const where = turnBit(dayFile(copy, tier, TEST_DAY), random);
    judge(report, copy, questions, `${tier}, ${where}`);
  }
  return report;
}

function copyOf(source: string, to: string, tiers: readonly Tier[]): string {
  rmSync(to, { recursive: true, force: true });
  for (const tier of tiers) {
    mkdirSync(path.join(to, tier), { recursive: true });
    copyFileSync(dayFile(source, tier, TEST_DAY), dayFile(to, tier, TEST_DAY));
  }
  return to;
}

function turnBit(file: string, random: () => number): string {
  const bytes = readFileSync(file);
  const at = Math.floor(random() * bytes.length);
  const bit = Math.floor(random() * 8);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  writeFileSync(file, bytes);
  return `bit ${bit} of byte ${at}`;
}

function judge(report: FlipReport, folder: string, questions: readonly Question[], where: string): void {
  const told: string[] = [];
  const store = new FileDayStore({ folder, onDamage: (text) => told.push(text) });
  let lost = 0;
  try {
    const reader = store.read(TEST_DAY);
    for (const { what, ask, answer } of questions) {
      const said = reader === undefined ? undefined : answered(() => ask(reader));
      if (reader === undefined || said instanceof AppError) {
        lost += 1;
        continue;
      }
      if (isDeepStrictEqual(said, answer)) continue;
      // Where a file was put aside, all of it is missing and people were told.
      if (told.some((text) => text.includes('moved to'))) lost += 1;
      else {
        report.wrong += 1;
        report.firstWrong ??= `${where}: ${what}`;
      }
    }
    if (reader === undefined && told.length === 0) {
      report.wrong += 1;
      report.firstWrong ??= `${where}: the day is gone without a word`;
    }
  } finally {
    store.stop();
  }
  report.flips += 1;
  if (lost > 0) report.refusing += 1;
  if (lost / questions.length > report.worstLost && process.env['FLIPS'] !== undefined)
    process.stdout.write(`${where}: ${lost} of ${questions.length}: ${told[0] ?? ''}\n`);
  report.worstLost = Math.max(report.worstLost, lost / questions.length);
}

function answered(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    if (error instanceof AppError && error.code === 'frame-malformed') return error;
    throw error;
  }
}

function finish(work: Generator<void, boolean>): void {
  while (work.next().done !== true);
}
