// How the numbers of each unit are written for people: how many decimals, and in which words.

export interface Show {
  /** Digits after the point where the number is written as it is. */
  decimals: number;
  as: 'number' | 'percent' | 'bytes' | 'bytes/s' | 'duration' | 'per-second';
}

const SHOWN: ReadonlyMap<string, Show> = new Map<string, Show>(
  Object.entries<Show>({
    ratio: { decimals: 1, as: 'percent' },
    bytes: { decimals: 0, as: 'bytes' },
    'bytes/s': { decimals: 0, as: 'bytes/s' },
    '1/s': { decimals: 1, as: 'per-second' },
    ms: { decimals: 0, as: 'duration' },
    us: { decimals: 0, as: 'number' },
    load: { decimals: 2, as: 'number' },
    ticks: { decimals: 0, as: 'number' },
    count: { decimals: 0, as: 'number' },
  }),
);

/** Scripts bring units of their own, which are written behind the number. */
export const showOf = (unit: string): Show => SHOWN.get(unit) ?? { decimals: 2, as: 'number' };
