// In which order the hours of a long span are read: evenly over the whole of it, then between those, until time is up.

export interface HourRound {
  /** One hour of each `step` is read once this round and those before it are. */
  step: number;
  /** What this round adds. */
  hours: number[];
}

/** The first round: points enough for a shape, few enough to be read whatever they cost. */
const FIRST_HOURS = 24;
/** A day and what touches it: never thinned. */
const WHOLE_HOURS = 26;

/**
 * Steps are powers of two and hours their multiples since 1970, whatever the span begins with:
 * a chart that slides on asks for the hours that are decoded already.
 */
export function* roundsOf(from: number, to: number): Generator<HourRound> {
  const count = to - from + 1;
  let step = 1;
  if (count > WHOLE_HOURS) while (count / step > FIRST_HOURS) step *= 2;
  yield { step, hours: multiples(from, to, step) };
  while (step > 1) {
    step /= 2;
    yield { step, hours: multiples(from, to, step).filter((hour) => hour % (2 * step) !== 0) };
  }
}

function multiples(from: number, to: number, step: number): number[] {
  const hours: number[] = [];
  for (let hour = Math.ceil(from / step) * step; hour <= to; hour += step) hours.push(hour);
  return hours;
}
