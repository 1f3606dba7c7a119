// Why a part of a chart is empty: what a source says is missing, cut where the reason changes.

/** Where the values of an answer come from, as the API says it. */
export interface Source {
  resolution: string;
  missing: ReadonlyArray<{ from: number; to: number }>;
  /** What is missing may be kept by a relay whose site is away. */
  away: boolean;
}

/** `away`: a relay has it. `before`: there was no device. `old`: its time is over. `never`: nobody recorded it. `unkept`: one of the last two. */
export type MissingReason = 'away' | 'before' | 'old' | 'never' | 'unkept';

export interface Missing {
  from: number;
  to: number;
  reason: MissingReason;
}

export interface Known {
  now: number;
  /** When the device was added; undefined for many devices together. */
  addedAt: number | undefined;
  /** The oldest moment of which anything is kept; undefined for those who may not read it. */
  keptFrom: number | undefined;
}

/** What a relay keeps of its own site's raw values. */
const RELAY_KEEPS_MS = 30 * 86_400_000;
const HOUR_MS = 3_600_000;

/** Oldest first. */
export function missingOf(source: Source | undefined, known: Known): Missing[] {
  if (source === undefined) return [];
  const cuts = [known.addedAt, known.keptFrom, known.now - RELAY_KEEPS_MS].filter((cut) => cut !== undefined);
  return source.missing
    .flatMap(({ from, to }) => parts(from, Math.min(to, known.now), cuts))
    .map((part) => ({ ...part, reason: reasonOf((part.from + part.to) / 2, source.away, known) }))
    .sort((a, b) => a.from - b.from)
    .reduce<Missing[]>(joined, []);
}

function parts(from: number, to: number, cuts: readonly number[]): Array<{ from: number; to: number }> {
  const edges = [from, ...cuts.filter((cut) => cut > from && cut < to).sort((a, b) => a - b), to];
  return edges.slice(1).flatMap((end, index) => {
    const start = edges[index] ?? end;
    return end > start ? [{ from: start, to: end }] : [];
  });
}

function reasonOf(at: number, away: boolean, { now, addedAt, keptFrom }: Known): MissingReason {
  // The hour in which it was added holds both.
  if (addedAt !== undefined && at < addedAt + HOUR_MS) return 'before';
  if (away && at >= now - RELAY_KEEPS_MS) return 'away';
  if (keptFrom === undefined) return 'unkept';
  return at < keptFrom ? 'old' : 'never';
}

function joined(all: Missing[], next: Missing): Missing[] {
  const last = all.at(-1);
  if (last === undefined || last.reason !== next.reason || next.from > last.to) return [...all, next];
  return [...all.slice(0, -1), { ...last, to: Math.max(last.to, next.to) }];
}
