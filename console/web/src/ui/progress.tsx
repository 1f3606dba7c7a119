// How far something long has come; without a share it only says that it goes on.
import { percent } from '#console/web/src/text/format.ts';

interface ProgressProps {
  label: string;
  /** 0 to 1; undefined while nobody knows. */
  ratio: number | undefined;
  /** In place of the percentage: "3,100 of 10,000 rows". */
  text?: string;
}

export function Progress({ label, ratio, text }: ProgressProps) {
  const share = ratio === undefined ? undefined : Math.min(1, Math.max(0, ratio));
  const said = text ?? (share === undefined ? '' : percent(share));
  return (
    <div className="grid gap-1">
      <div className="flex justify-between gap-3 text-xs">
        <span>{label}</span>
        <span className="text-muted">{said}</span>
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === undefined ? undefined : Math.round(share * 100)}
        aria-valuetext={said === '' ? undefined : said}
        data-unknown={share === undefined ? '' : undefined}
        className="progress"
      >
        <span style={share === undefined ? undefined : { width: `${share * 100}%` }} />
      </div>
    </div>
  );
}
