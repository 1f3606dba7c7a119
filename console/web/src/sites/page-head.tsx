// The head of a page of places: its name, and what one can do there.
import type { ReactNode } from 'react';

interface PageHeadProps {
  title: ReactNode;
  /** A quiet line below the name. */
  note?: ReactNode;
  children?: ReactNode;
}

export function PageHead({ title, note, children }: PageHeadProps) {
  return (
    <header className="mb-4 flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
      <div className="min-w-0">
        <h1 className="m-0 flex flex-wrap items-center gap-2 text-xl font-semibold wrap-anywhere">{title}</h1>
        {note !== undefined && <p className="m-0 mt-0.5 text-muted">{note}</p>}
      </div>
      {children !== undefined && <div className="flex flex-wrap gap-2">{children}</div>}
    </header>
  );
}
