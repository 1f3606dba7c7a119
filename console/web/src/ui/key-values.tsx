// What something is, as names and values in columns that fit the width.
import type { ReactNode } from 'react';

export const KeyValues = ({ children }: { children: ReactNode }) => <dl className="facts m-0">{children}</dl>;

export function KeyValue({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="m-0 wrap-anywhere">{children}</dd>
    </div>
  );
}
