// A line as small as a word: the shape of the last hours beside a number, with its gaps.

interface SparklineProps {
  /** Equally apart in time, null where nothing is known. */
  values: ReadonlyArray<number | null>;
  /** What it shows, in words; its numbers stand beside it. */
  label: string;
  /** The top of its scale where that is known; else its own highest value. */
  max?: number;
  className?: string;
}

const WIDTH = 100;
const HEIGHT = 24;
/** Half of the stroke, so that the highest point is not cut. */
const EDGE = 1;

export function Sparkline({ values, label, max, className = 'h-5 w-20' }: SparklineProps) {
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={className}
    >
      <path
        d={pathOf(values, max)}
        fill="none"
        stroke="var(--color-series-1)"
        strokeWidth="1.5"
        strokeLinejoin="round"
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

/** One stroke per run of known values; a value alone is a dot. */
export function pathOf(values: ReadonlyArray<number | null>, max?: number): string {
  const top = max ?? Math.max(...values.map((value) => value ?? 0), Number.MIN_VALUE);
  const step = WIDTH / Math.max(1, values.length - 1);
  return values
    .map((value, index) => {
      if (value === null) return '';
      const y = HEIGHT - EDGE - Math.min(1, Math.max(0, value / top)) * (HEIGHT - 2 * EDGE);
      const point = `${(index * step).toFixed(1)} ${y.toFixed(1)}`;
      const isAlone = values[index - 1] == null && values[index + 1] == null;
      return values[index - 1] == null ? `M${point}${isAlone ? 'h.01' : ''}` : `L${point}`;
    })
    .join('');
}
