// Asks a Windows machine several questions one after the other; what is refused is an answer, a broken line ends it.
import {
  allInstances,
  type CimInstance,
  type CimLimits,
  type CimProperties,
  type CimQuery,
  type CimSource,
} from '#relay/transport/cim.ts';
import { type Failure, type FailureReason, fail, type Outcome, succeed } from '#shared/base/outcome.ts';

export type Questions = Readonly<Record<string, CimQuery>>;

/** Whatever names its properties has rows of them: a question to a class, or one that a script answers. */
export type Rows<Q extends { select: CimProperties }> = ReadonlyArray<CimInstance<Q['select']>>;

/** What came of each question, under its own name. */
export type Answers<Q extends Readonly<Record<string, { select: CimProperties }>>> = {
  readonly [Name in keyof Q]: Outcome<Rows<Q[Name]>>;
};

/** A question with the kinds of its properties kept as literals, so that rows are typed by them. */
export const question = <const P extends CimProperties>(query: CimQuery<P>): CimQuery<P> => query;

/** After one of these nothing more is learnt over the same line. */
const LINE_ENDS: ReadonlySet<FailureReason> = new Set(['lost', 'timed-out', 'cancelled', 'unreachable']);

const isLineEnd = (reason: FailureReason): boolean => LINE_ENDS.has(reason);

export interface AskLimits extends CimLimits {
  /** One slow class is no reason to ask no other; a poll has no time for that. */
  isPatient?: boolean;
}

/**
 * In turn, because a machine answers one operation of a connection at a time. A question after the line's end has the same end
 * without being asked.
 */
export async function askCim<Q extends Questions>(
  source: CimSource,
  questions: Q,
  { isPatient = false, ...limits }: AskLimits,
  signal: AbortSignal,
): Promise<Answers<Q>> {
  const answers: Record<string, Outcome<readonly CimInstance<CimProperties>[]>> = {};
  let end: Failure | undefined;
  for (const [name, query] of Object.entries(questions)) {
    const answer: Outcome<readonly CimInstance<CimProperties>[]> =
      end ?? (await allInstances(source, query, limits, signal));
    answers[name] = answer;
    if (!answer.ok && isLineEnd(answer.reason) && !(isPatient && answer.reason === 'timed-out')) end = answer;
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

/** The one row of a class that has one; an empty class is one the machine does not have. */
export function singleOf<T>(answer: Outcome<readonly T[]>): Outcome<T> {
  if (!answer.ok) return answer;
  const [row] = answer.value;
  return row === undefined ? fail('unsupported', 'the class has no instance') : succeed(row);
}
