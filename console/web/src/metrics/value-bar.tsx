// A value with a bar of its share beside it: the number tells, the bar helps the eye down a column.
import type { ReactNode } from 'react';
import './metrics.css';

export function ValueBar({ share, children }: { share: number; children: ReactNode }) {
  const width = Number.isFinite(share) ? Math.min(100, Math.max(0, share * 100)) : 0;
  return (
    <span className="value-bar">
      <span aria-hidden="true" className="value-bar-line" style={{ backgroundSize: `${width}% 100%` }} />
      <span className="value-bar-text">{children}</span>
    </span>
  );
}
