// What one looks for in a device's event logs, as it stands in the URL, and as the console is asked for it. Pure.
import type { EventLevel } from '#shared/model/record.ts';

/** Which levels one looks at; the worst first. */
export const LEVEL_CHOICES = ['error', 'warning', 'audit'] as const;
export type LevelChoice = (typeof LEVEL_CHOICES)[number];

const LEVELS: Readonly<Record<LevelChoice, readonly EventLevel[]>> = {
  error: ['critical', 'error'],
  warning: ['critical', 'error', 'warning', 'audit-failure'],
  audit: ['audit-success', 'audit-failure'],
};

const [HOUR, DAY] = [3_600_000, 86_400_000];
/** How far back; without a choice there is no bound. */
export const AGOS = { '1h': HOUR, '24h': DAY, '7d': 7 * DAY, '30d': 30 * DAY } as const;
export type Ago = keyof typeof AGOS;

export interface LogSearch {
  level?: LevelChoice;
  /** The name of one log. */
  log?: string;
  source?: string;
  /** The event's id. */
  code?: number;
  text?: string;
  ago?: Ago;
}

const MAX = { log: 255, source: 255, text: 200 } as const;

/** The router makes numbers of what looks like one. */
function textIn(value: unknown, most: number): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' && text.length <= most ? text : undefined;
}

const isCode = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** Anything may stand in a URL; what says nothing is left out. */
export function parseLogSearch(raw: Record<string, unknown>): LogSearch {
  const level = LEVEL_CHOICES.find((one) => one === raw['level']);
  const ago = Object.keys(AGOS).find((one) => one === raw['ago']);
  const { code } = raw;
  const [log, source, text] = [
    textIn(raw['log'], MAX.log),
    textIn(raw['source'], MAX.source),
    textIn(raw['text'], MAX.text),
  ];
  return {
    ...(level !== undefined && { level }),
    ...(log !== undefined && { log }),
    ...(source !== undefined && { source }),
    ...(isCode(code) && { code }),
    ...(text !== undefined && { text }),
    // Found among the keys of that very object.
    ...(ago !== undefined && { ago: ago as Ago }),
  };
}

/** A part of time that the charts were narrowed to holds here too. */
export interface Between {
  from: number;
  to: number;
}

export function queryOf({ level, ago, ...search }: LogSearch, between: Between | undefined, now: number) {
  return {
    ...search,
    ...(level !== undefined && { level: LEVELS[level].join(',') }),
    ...(between ?? (ago !== undefined && { from: now - AGOS[ago] })),
  };
}

export const isNarrowed = (search: LogSearch): boolean => Object.keys(search).length > 0;

/** The number that was typed; undefined for none, and for what is none. */
export const codeOf = (typed: string): number | undefined => {
  const code = Number(typed.trim());
  return typed.trim() !== '' && isCode(code) ? code : undefined;
};
