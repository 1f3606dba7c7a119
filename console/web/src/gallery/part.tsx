// One part of the gallery: a name and what is shown under it.
import type { ReactNode } from 'react';

export function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section className="panel mb-4 grid min-w-0 break-inside-avoid gap-3 p-4">
      <h2 className="m-0 text-base font-semibold">{name}</h2>
      {children}
    </section>
  );
}

export const Row = ({ children }: { children: ReactNode }) => (
  <div className="flex min-w-0 flex-wrap items-center gap-2">{children}</div>
);

/** Stands in for what a page would do. */
export const nothing = (): void => undefined;
