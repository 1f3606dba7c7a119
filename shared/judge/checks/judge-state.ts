// What a judge keeps over a restart: stretches on their way, counted events, and what is open.
import { z } from 'zod';
import { SEVERITIES } from '#shared/model/alert-words.ts';
import { type Check, CheckId, type Condition } from '#shared/model/check.ts';
import { MAX_SUBJECTS, SavedSubject } from './subject.ts';

const Time = z.int().nonnegative();

export const OpenCheck = z.strictObject({
  check: CheckId,
  instance: z.string().max(255),
  severity: z.enum(SEVERITIES),
  since: Time,
  count: z.int().min(1),
  /** When it was last told. */
  toldAt: Time,
  /** Has grown since it was told. */
  isGrown: z.boolean(),
});
export type OpenCheck = z.infer<typeof OpenCheck>;

/**
 * A compound of eight lists of twenty words, each character written as six (`\\u0001`), comes to some 100,000; a signed document,
 * which holds it, has 512 KiB.
 */
const MAX_SUBJECTS_OF_CHARS = 128 * 1_024;
/** A document of 512 KiB has room for some 3,000 of the shortest, and 23 ship. */
const MAX_CHECKS = 4_000;
/** Twenty times what a relay tells of a device; one that fails in more ways is judged by the first. */
export const MAX_OPEN_CHECKS = 10_000;

const SavedCheck = z.strictObject({
  check: CheckId,
  /** What its subjects are of: a check that asks for something else begins anew. */
  subjectsOf: z.string().max(MAX_SUBJECTS_OF_CHARS),
  /** Of each part of a compound, and of the whole. */
  parts: z.array(z.array(SavedSubject).max(MAX_SUBJECTS)).max(9),
});
type SavedCheck = z.infer<typeof SavedCheck>;

export interface JudgeState {
  v: 1;
  checks: SavedCheck[];
  open: OpenCheck[];
}

const Whole = z.strictObject({
  v: z.literal(1),
  checks: z.array(z.unknown()).max(MAX_CHECKS),
  open: z.array(OpenCheck).max(MAX_OPEN_CHECKS),
});

/**
 * Reads what `save` gave, from a file of the relay's own that may be damaged. A check that cannot be read is named and begins anew, and
 * costs no other one what it remembers; undefined where nothing can be read.
 */
export function readJudgeState(saved: unknown, onBad: (what: string) => void): JudgeState | undefined {
  const whole = Whole.safeParse(saved);
  if (!whole.success) {
    onBad(`what was remembered of all checks cannot be read: ${z.prettifyError(whole.error)}`);
    return undefined;
  }
  const checks = whole.data.checks.flatMap((one): SavedCheck[] => {
    const read = SavedCheck.safeParse(one);
    if (read.success) return [read.data];
    onBad(`what was remembered of the check ${nameOf(one)} cannot be read: ${z.prettifyError(read.error)}`);
    return [];
  });
  return { v: 1, checks, open: whole.data.open };
}

const nameOf = (saved: unknown): string => {
  const named = z.object({ check: CheckId }).safeParse(saved);
  return named.success ? named.data.check : 'without a name';
};

/** Equal where limits and durations alone differ: then what was seen still counts. */
export function subjectsOf({ when }: Check): string {
  return JSON.stringify(when.kind === 'compound' ? when : [when.kind, ...namesOf(when)]);
}

function namesOf(when: Exclude<Condition, { kind: 'compound' }>): unknown[] {
  switch (when.kind) {
    case 'threshold':
    case 'absence':
      return [when.series, when.instance];
    case 'rate':
      return [when.series, when.instance, when.withinMs];
    case 'state':
    case 'age':
      return [when.of, when.instance];
    case 'events':
      return [when.log, when.source, when.codes, when.levels, when.text, when.withinMs];
  }
}
