// What happened to a device, newest first.
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { fullTime, timeOrDay } from '#console/web/src/text/time.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { ScrollArea } from '#console/web/src/ui/scroll-area.tsx';
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
    <ScrollArea label="Events, newest first" className="max-h-96 overflow-y-auto">
      <ol className="m-0 list-none p-0">
        {events.map((event) => (
          <li key={event.seq} className="flex gap-x-3 border-t border-line py-1 first:border-0">
            <time
              dateTime={new Date(event.at).toISOString()}
              title={`${fullTime(event.at)}, known to the console at ${fullTime(event.receivedAt)}`}
              className="w-[5.9rem] shrink-0 whitespace-nowrap text-muted"
            >
              {timeOrDay(event.at, now)}
            </time>
            <Severity severity={event.severity} />
            <span className="line-clamp-4 min-w-0 break-words" title={event.detail}>
              <span className="mr-2 font-medium">{(event.code ?? event.type).replaceAll('-', ' ')}</span>
              <span className="text-muted">{event.detail}</span>
            </span>
          </li>
        ))}
      </ol>
    </ScrollArea>
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
