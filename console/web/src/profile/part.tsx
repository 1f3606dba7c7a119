// One part of the profile: what it is, a sentence, and what one can do at its head.
import type { ReactNode } from 'react';

interface PartProps {
  title: string;
  note?: string;
  head?: ReactNode;
  children?: ReactNode;
}

export const Part = ({ title, note, head, children }: PartProps) => (
  <section className="panel p-3" aria-label={title}>
    <div className="mb-1 flex flex-wrap items-center justify-between gap-2">
      <h2 className="section-title mb-0">{title}</h2>
      {head !== undefined && <div className="flex flex-wrap gap-2">{head}</div>}
    </div>
    {note !== undefined && <p className="m-0 mb-2 max-w-prose text-muted">{note}</p>}
    {children}
  </section>
);
