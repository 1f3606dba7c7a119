// An empty place says what would stand there and what to do next.
import type { ReactNode } from 'react';

interface EmptyStateProps {
  title: string;
  body?: ReactNode;
  /** Buttons or links: the next step first. */
  children?: ReactNode;
}

export function EmptyState({ title, body, children }: EmptyStateProps) {
  return (
    <section className="empty">
      <h2>{title}</h2>
      {body !== undefined && <p className="text-muted">{body}</p>}
      {children !== undefined && <div className="empty-steps">{children}</div>}
    </section>
  );
}
