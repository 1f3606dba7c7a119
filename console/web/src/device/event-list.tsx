// What happened to a device, newest first.
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { fullTime, timeOrDay } from '#console/web/src/text/time.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { useEvents } from './device-data.ts';

type Event = NonNullable<ReturnType<typeof useEvents>['data']>['events'][number];

export function EventList({ id }: { id: string }) {
  const read = useEvents(id);
  return (
    <section className="panel p-3">
      <h2 className="section-title mb-2">Events</h2>
      {read.isError && (
        <FaultNote what="The events could not be read." error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonRows label="Reading the events" />}
      {read.data?.events.length === 0 && <p className="m-0 text-muted">Nothing has happened yet.</p>}
      {read.data !== undefined && read.data.events.length > 0 && <Timeline events={read.data.events} />}
    </section>
  );
}

function Timeline({ events }: { events: readonly Event[] }) {
  const now = useFiveSeconds();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keys
    <ol className="m-0 max-h-96 list-none overflow-y-auto p-0" tabIndex={0} aria-label="Events, newest first">
      {events.map((event) => (
        <li key={event.seq} className="flex gap-x-3 border-t border-line py-1 first:border-0">
          <time
            dateTime={new Date(event.at).toISOString()}
            title={`${fullTime(event.at)}, known to the console at ${fullTime(event.receivedAt)}`}
            className="shrink-0 whitespace-nowrap text-muted"
          >
            {timeOrDay(event.at, now)}
          </time>
          <Severity severity={event.severity} />
          <span className="min-w-0 break-words">
            <span className="mr-2 font-medium">{(event.code ?? event.type).replaceAll('-', ' ')}</span>
            <span className="text-muted">{event.detail}</span>
          </span>
        </li>
      ))}
    </ol>
  );
}

const TONES: Readonly<Record<string, string>> = { critical: 'text-down', warning: 'text-changed' };

/** Its word is in its title and read out; what is plain news needs none. */
function Severity({ severity }: { severity: string }) {
  const isHeavy = severity in TONES;
  return (
    <span className={`shrink-0 ${TONES[severity] ?? 'text-unknown'}`} title={severity}>
      <svg viewBox="0 0 12 12" aria-hidden="true" className="inline size-2.5">
        {isHeavy ? (
          <path d="M6 1 11.5 11h-11z" fill="currentColor" />
        ) : (
          <circle cx="6" cy="6" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
        )}
      </svg>
      <span className="sr-only">{severity}</span>
    </span>
  );
}
