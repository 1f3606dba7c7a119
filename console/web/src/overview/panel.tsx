// A part of the overview: its heading, a quiet word beside it, its content.
import { type ReactNode, useId } from 'react';

interface PanelProps {
  title: string;
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}

export function Panel({ title, aside, className = '', children }: PanelProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={`panel overview-panel ${className}`}>
      <header className="overview-head">
        <h2 id={id}>{title}</h2>
        {aside !== undefined && <span className="text-xs text-muted">{aside}</span>}
      </header>
      {children}
    </section>
  );
}
