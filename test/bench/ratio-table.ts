// The table of `bench ratio`: ours and a peer's figure, their ratio, what is promised and what is aimed at.

export interface RatioRow {
  metric: string;
  ours: number;
  peer: number;
  floor: number;
  goal: number;
  /** Speed; of bytes and times less is better. */
  isMoreBetter: boolean;
}

export interface RatioTable {
  text: string;
  figures: Record<string, number>;
  /** Rows that do not keep their floor. */
  lost: number;
}

const short = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

export function ratioTable(rows: readonly RatioRow[]): RatioTable {
  const lines = ['metric | ours | peer | ratio | floor | goal | verdict', '--- | --- | --- | --- | --- | --- | ---'];
  const figures: Record<string, number> = {};
  let lost = 0;
  for (const { metric, ours, peer, floor, goal, isMoreBetter } of rows) {
    const ratio = ours / peer;
    const keeps = (bound: number) => (isMoreBetter ? ratio >= bound : ratio <= bound);
    const verdict = keeps(goal) ? 'goal' : keeps(floor) ? 'floor' : 'lost';
    if (verdict === 'lost') lost += 1;
    figures[metric] = Math.round(ratio * 1e3) / 1e3;
    lines.push([metric, short(ours), short(peer), short(ratio), floor, goal, verdict].join(' | '));
  }
  return { text: lines.join('\n'), figures, lost };
}
