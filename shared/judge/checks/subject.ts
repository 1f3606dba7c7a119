// What a check remembers of one instance of a device, and how that outlives a restart of the relay.
import { z } from 'zod';
import { SEVERITIES } from '#shared/model/alert-words.ts';
import type { Rung } from './rung.ts';

/** As many as a device may have series; certificates and services are fewer. A device that says more is judged by the first. */
export const MAX_SUBJECTS = 1_024;
/** Of a rate's window, or of the newest events: the span in steps of which nothing finer is kept. */
export const MAX_POINTS = 128;

export interface Subject {
  instance: string;
  rungs: Rung[];
  /** When it was last told; of the relay's time. */
  seenAt: number | undefined;
  /** Between its last two tellings. */
  spacingMs: number;
  /** Of rates: when and what. Of events: when, and how many at once. */
  points: Array<[at: number, value: number]>;
  /** Of ages. */
  moment?: number | undefined;
  /** Of states. */
  word?: string | undefined;
  /** The newest event's message. */
  said?: string | undefined;
}

export const newSubject = (instance: string, rungs: Rung[]): Subject => ({
  ...{ instance, rungs, seenAt: undefined, spacingMs: 0 },
  points: [],
});

const Time = z.int().nonnegative();

/** The relay's own file, and still read as one that may be damaged. */
export const SavedSubject = z.strictObject({
  instance: z.string().max(255),
  rungs: z
    .array(
      z.strictObject({
        severity: z.enum(SEVERITIES),
        holds: z.boolean(),
        from: Time,
        turning: Time.optional(),
      }),
    )
    .max(SEVERITIES.length),
  seenAt: Time.optional(),
  spacingMs: Time,
  points: z.array(z.tuple([Time, z.number()])).max(MAX_POINTS),
  moment: Time.optional(),
  word: z.string().max(255).optional(),
  said: z.string().max(255).optional(),
});
export type SavedSubject = z.infer<typeof SavedSubject>;

export const saveSubject = ({ instance, rungs, seenAt, spacingMs, points, ...rest }: Subject): SavedSubject => ({
  ...{ instance, spacingMs, points: [...points] },
  rungs: rungs.map(({ severity, holds, from, turning }) => ({
    ...{ severity, holds, from },
    ...(turning === undefined ? {} : { turning }),
  })),
  ...(seenAt === undefined ? {} : { seenAt }),
  ...(rest.moment === undefined ? {} : { moment: rest.moment }),
  ...(rest.word === undefined ? {} : { word: rest.word }),
  ...(rest.said === undefined ? {} : { said: rest.said }),
});

/** `rungs`: those of the check as it is now; one that is new to it has not held yet. */
export function restoreSubject(saved: SavedSubject, rungs: Rung[]): Subject {
  const { moment, word, said } = saved;
  const subject = newSubject(saved.instance, rungs);
  for (const rung of rungs) {
    const former = saved.rungs.find(({ severity }) => severity === rung.severity);
    if (former === undefined) continue;
    rung.holds = former.holds;
    rung.from = former.from;
    rung.turning = former.turning;
  }
  return Object.assign(
    subject,
    { seenAt: saved.seenAt, spacingMs: saved.spacingMs, moment, word, said },
    {
      points: saved.points.map(([at, value]): [number, number] => [at, value]),
    },
  );
}
