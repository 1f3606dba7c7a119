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

/** Read from a file of the relay's own, which may be damaged: parse it. */
export const JudgeState = z.strictObject({
  v: z.literal(1),
  checks: z
    .array(
      z.strictObject({
        check: CheckId,
        /** What its subjects are of: a check that asks for something else begins anew. */
        subjectsOf: z.string().max(8_000),
        /** Of each part of a compound, and of the whole. */
        parts: z.array(z.array(SavedSubject).max(MAX_SUBJECTS)).max(9),
      }),
    )
    .max(1_000),
  open: z.array(OpenCheck).max(10_000),
});
export type JudgeState = z.infer<typeof JudgeState>;

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
