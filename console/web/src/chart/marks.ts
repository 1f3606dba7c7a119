// Moments worth a vertical line over a chart: a restart, an action. The words are the caller's.

export interface Mark {
  at: number;
  kind: 'restart' | 'action';
  text: string;
}

/** Nearer to the pointer than this, a mark is meant. */
const NEAR_PX = 8;

/** The mark nearest to a place, undefined when none is near; `pxOf` says where a time is drawn. */
export function markNear(marks: readonly Mark[], px: number, pxOf: (at: number) => number): Mark | undefined {
  let best: Mark | undefined;
  let distance = NEAR_PX;
  for (const mark of marks) {
    const away = Math.abs(pxOf(mark.at) - px);
    if (away > distance) continue;
    best = mark;
    distance = away;
  }
  return best;
}

export const marksWithin = (marks: readonly Mark[], from: number, to: number): Mark[] =>
  marks.filter(({ at }) => at >= from && at <= to);

/** Rows of a table, newest first, with the marks among them where they fall. */
export function withMarks<Row extends { at: number }, Moment extends { at: number } = Mark>(
  rows: readonly Row[],
  marks: readonly Moment[],
): Array<Row | Moment> {
  return [...rows, ...marks].sort((a, b) => b.at - a.at);
}
