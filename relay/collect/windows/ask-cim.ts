// Asks a Windows machine several questions one after the other; what is refused is an answer, a broken line ends it.
import {
  allInstances,
  type CimInstance,
  type CimLimits,
  type CimProperties,
  type CimQuery,
  type CimSource,
} from '#relay/transport/cim.ts';
import type { Failure, FailureReason, Outcome } from '#shared/base/outcome.ts';

export type Questions = Readonly<Record<string, CimQuery>>;

export type Rows<Q extends CimQuery> = ReadonlyArray<CimInstance<Q['select']>>;

/** What came of each question, under its own name. */
export type Answers<Q extends Questions> = { readonly [Name in keyof Q]: Outcome<Rows<Q[Name]>> };

/** A question with the kinds of its properties kept as literals, so that rows are typed by them. */
export const question = <const P extends CimProperties>(query: CimQuery<P>): CimQuery<P> => query;

/** After one of these nothing more is learnt over the same line. */
const LINE_ENDS: ReadonlySet<FailureReason> = new Set(['lost', 'timed-out', 'cancelled', 'unreachable']);

export const isLineEnd = (reason: FailureReason): boolean => LINE_ENDS.has(reason);

/**
 * In turn, because a machine answers one operation of a connection at a time. A question after the line's end has the same end
 * without being asked.
 */
export async function askCim<Q extends Questions>(
  source: CimSource,
  questions: Q,
  limits: CimLimits,
  signal: AbortSignal,
): Promise<Answers<Q>> {
  const answers: Record<string, Outcome<readonly CimInstance<CimProperties>[]>> = {};
  let end: Failure | undefined;
  for (const [name, query] of Object.entries(questions)) {
    const answer: Outcome<readonly CimInstance<CimProperties>[]> =
      end ?? (await allInstances(source, query, limits, signal));
    answers[name] = answer;
    if (!answer.ok && isLineEnd(answer.reason)) end = answer;
  }
  // Each name was asked its own query, whose properties type the rows.
  return answers as Answers<Q>;
}

/** The failure that ended the line, if one did. */
export function lineEnd(answers: Readonly<Record<string, Outcome<unknown>>>): Failure | undefined {
  for (const answer of Object.values(answers)) if (!answer.ok && isLineEnd(answer.reason)) return answer;
  return undefined;
}

/** The rows, or undefined where the machine refused them. */
export const rowsOf = <T>(answer: Outcome<readonly T[]>): readonly T[] | undefined =>
  answer.ok ? answer.value : undefined;
