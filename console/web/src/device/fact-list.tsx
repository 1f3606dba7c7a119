// The inventory of a device: one fold per kind, drawn only when it is opened.
import { useState } from 'react';
import { plural } from '#console/web/src/text/format.ts';
import { fullTime } from '#console/web/src/text/time.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { useFacts } from './device-data.ts';
import { FactValue, memberName } from './fact-value.tsx';

type Fact = NonNullable<ReturnType<typeof useFacts>['data']>['facts'][number];

export function FactList({ id }: { id: string }) {
  const read = useFacts(id);
  const facts = (read.data?.facts ?? []).toSorted((a, b) => rankOf(a.kind) - rankOf(b.kind));
  const readAt = Math.max(0, ...facts.map((fact) => fact.seenAt));
  return (
    <section className="panel mt-3 p-3">
      <h2 className="section-title mb-2">
        Inventory
        {readAt > 0 && <span className="ml-3 text-xs font-normal text-muted">as of {fullTime(readAt)}</span>}
      </h2>
      {read.isError && (
        <FaultNote what="The inventory could not be read." error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonRows label="Reading the inventory" />}
      {read.data?.facts.length === 0 && (
        <p className="m-0 text-muted">The relay reads it some polls after it first meets a device.</p>
      )}
      {facts.map((fact) => (
        <FactFold key={fact.kind} fact={fact} readAt={readAt} />
      ))}
    </section>
  );
}

/** What one asks first stands first; kinds unknown here stand last. */
const ORDER = ['os', 'hardware', 'network', 'disks', 'ports', 'services', 'users', 'packages'];
const rankOf = (kind: string): number => (ORDER.includes(kind) ? ORDER.indexOf(kind) : ORDER.length);

/** Kinds of one reading come within this; an older one says its own time. */
const SAME_READING_MS = 60_000;

function FactFold({ fact, readAt }: { fact: Fact; readAt: number }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details
      className="border-t border-line py-1.5 first-of-type:border-0"
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
    >
      <summary className="flex items-baseline gap-3">
        <span className="fold-arrow" aria-hidden="true" />
        <span className="font-medium">{fact.kind}</span>
        <span className="text-xs text-muted">{sizeOf(fact.body)}</span>
        <span className="ml-auto text-xs text-muted" title={`First seen so on ${fullTime(fact.firstSeenAt)}`}>
          {readAt - fact.seenAt > SAME_READING_MS && fullTime(fact.seenAt)}
        </span>
      </summary>
      {isOpen && (
        <div className="mt-2 mb-1 pl-5">
          <FactValue value={fact.body} />
        </div>
      )}
    </details>
  );
}

/** "412 packages": the length of the longest list within. */
function sizeOf(body: unknown): string {
  if (typeof body !== 'object' || body === null) return '';
  const lists = Object.entries(body).flatMap(([name, value]) =>
    Array.isArray(value) ? [{ name, length: value.length }] : [],
  );
  const [longest] = lists.sort((a, b) => b.length - a.length);
  if (longest === undefined) return '';
  const { name, length } = longest;
  return plural(length, memberName(name).replace(/s$/, ''), memberName(name));
}
