// What a condition says of one subject after a piece of news, and what a judge tells of it.
import type { EpochMs } from '#shared/base/clock.ts';
import type { Severity } from '#shared/model/alert-words.ts';
import type { CheckId } from '#shared/model/check.ts';

/** What was measured, and against what. */
export interface Evidence {
  value?: number | undefined;
  limit?: number | undefined;
  unit?: string | undefined;
  /** Device text: a state's word, the newest event's message. */
  said?: string | undefined;
}

export interface Verdict extends Evidence {
  /** "" is the device. */
  instance: string;
  /** Undefined: nothing holds. */
  severity: Severity | undefined;
  /** When it began to hold, or ceased. */
  since: EpochMs;
  /** Seen so many times more than at the verdict before. */
  more?: number;
  /** The subject is there no more: nothing can fail. */
  isGone?: boolean;
}

/** What changed of one check on one subject; relays make findings of it. */
export interface Transition extends Evidence {
  check: CheckId;
  instance: string;
  state: 'open' | 'change' | 'clear';
  severity: Severity;
  at: EpochMs;
  since: EpochMs;
  /** 500 characters at most, as a finding's. */
  detail: string;
  count: number;
}
