// What a judge told, as stretches: from when to when a check failed on what, and how badly at its worst.
import type { EpochMs } from '#shared/base/clock.ts';
import { type Severity, severityRank } from '#shared/model/alert-words.ts';
import type { CheckId } from '#shared/model/check.ts';
import type { Transition } from './verdict.ts';

export interface Episode {
  check: CheckId;
  instance: string;
  /** The worst it was. */
  severity: Severity;
  /** When the condition began to hold. */
  since: EpochMs;
  /** When that was told: a duration later. */
  openedAt: EpochMs;
  /** Undefined: it still fails. */
  clearedAt: EpochMs | undefined;
  /** The worst value, as it was told. */
  value: number | undefined;
  limit: number | undefined;
  unit: string | undefined;
  count: number;
}

/** Of one device and span, a check that flaps more often is told by its first thousand, and the rest are counted. */
export const MAX_EPISODES = 1_000;

export class Episodes {
  readonly all: Episode[] = [];
  readonly #open = new Map<string, Episode>();
  /** Beyond the bound. */
  more = 0;

  take(transitions: readonly Transition[]): void {
    for (const one of transitions) this.#take(one);
  }

  #take({ check, instance, state, severity, since, at, value, limit, unit, count }: Transition): void {
    const key = `${check} ${instance}`;
    const open = this.#open.get(key);
    if (state === 'clear') {
      if (open === undefined) return;
      open.clearedAt = at;
      open.count = count;
      this.#open.delete(key);
    } else if (open === undefined) {
      const episode = {
        check,
        instance,
        severity,
        since,
        openedAt: at,
        clearedAt: undefined,
        value,
        limit,
        unit,
        count,
      };
      this.#open.set(key, episode);
      if (this.all.length < MAX_EPISODES) this.all.push(episode);
      else this.more += 1;
    } else {
      open.count = count;
      if (severityRank(severity) >= severityRank(open.severity)) return;
      Object.assign(open, { severity, value, limit });
    }
  }
}
