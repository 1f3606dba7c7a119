// How something was over time, a cell per span: the height and the colour of a cell say the same, and a sentence says it all.

export type HeatLevel = 'good' | 'weak' | 'bad' | 'none';

export interface HeatCell {
  key: string | number;
  level: HeatLevel;
  /** Shown when one points at it: the time and what was. */
  text: string;
}

interface HeatStripProps {
  cells: readonly HeatCell[];
  /** The whole in words: "Up 99.8% of 24 h, down once for 3 min". */
  summary: string;
  className?: string;
}

const HEIGHT = 20;
/** The worse, the higher; what is unknown lies flat. */
const LOOKS: Readonly<Record<HeatLevel, { height: number; colour: string }>> = {
  good: { height: 8, colour: 'fill-up' },
  weak: { height: 14, colour: 'fill-changed' },
  bad: { height: HEIGHT, colour: 'fill-down' },
  none: { height: 2, colour: 'fill-edge' },
};

export function HeatStrip({ cells, summary, className = 'h-5 w-full' }: HeatStripProps) {
  const count = Math.max(1, cells.length);
  return (
    <svg
      role="img"
      aria-label={summary}
      viewBox={`0 0 ${count * 4} ${HEIGHT}`}
      preserveAspectRatio="none"
      className={className}
    >
      {cells.map(({ key, level, text }, index) => (
        <rect
          key={key}
          x={index * 4 + 0.4}
          y={HEIGHT - LOOKS[level].height}
          width={3.2}
          height={LOOKS[level].height}
          className={LOOKS[level].colour}
        >
          <title>{text}</title>
        </rect>
      ))}
    </svg>
  );
}
