// How the sites are linked: each relay connected or away, what it still holds, its clock and its certificate.
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { plural, shortDuration } from '#console/web/src/text/format.ts';
import { fullTime } from '#console/web/src/text/time.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { useIsNarrow } from '#console/web/src/ui/use-media.ts';
import { type RelayRow, useRelays } from './relays.ts';

/** More than fit two lines of the page are folded; those that are away are always in sight. */
const MAX_OPEN = 8;
/** On a small screen the devices come first. */
const MAX_OPEN_NARROW = 1;
/** Beyond it alarms and logs of a site are hard to put in order. */
const SKEW_WORTH_SAYING_MS = 2_000;
/** Certificates live 14 days and are renewed at two thirds: less than this means that renewing fails. */
const CERTIFICATE_LATE_MS = 3 * 86_400_000;

export function RelayStrip() {
  const read = useRelays();
  const isNarrow = useIsNarrow();
  if (read.isError && read.data === undefined)
    return (
      <div className="mb-3">
        <FaultNote what="The relays could not be read." error={read.error} onRetry={() => void read.refetch()} />
      </div>
    );
  const maxOpen = isNarrow ? MAX_OPEN_NARROW : MAX_OPEN;
  const relays = read.data ?? [];
  if (relays.length === 0) return null;
  const away = relays.filter((relay) => !relay.isConnected);
  const shown = relays.length <= maxOpen ? relays : away.slice(0, MAX_OPEN);
  return (
    <section aria-label="Relays" className="mb-4">
      {shown.length > 0 && <RelayList relays={shown} />}
      {relays.length > maxOpen && (
        <details className="mt-2">
          <summary className="flex items-center gap-2 text-xs text-muted">
            <span className="fold-arrow" aria-hidden="true" />
            {plural(relays.length, 'relay')}: {relays.length - away.length} connected, {away.length} away
          </summary>
          <div className="mt-2">
            <RelayList relays={relays} />
          </div>
        </details>
      )}
    </section>
  );
}

function RelayList({ relays }: { relays: readonly RelayRow[] }) {
  return (
    <ul className="m-0 grid list-none grid-cols-[repeat(auto-fill,minmax(min(20rem,100%),1fr))] gap-2 p-0">
      {relays.map((relay) => (
        <Relay key={relay.id} relay={relay} />
      ))}
    </ul>
  );
}

function Relay({ relay }: { relay: RelayRow }) {
  const now = useFiveSeconds();
  const skew = relay.clockSkewMs ?? 0;
  const isSkewed = Math.abs(skew) >= SKEW_WORTH_SAYING_MS;
  const certificate = relay.certificateExpiresAt - now;
  return (
    <li className="rounded-md border border-line bg-surface px-3 py-1.5">
      <div className="flex items-center gap-2">
        <LinkShape isConnected={relay.isConnected} />
        <span className="truncate font-medium">{relay.siteName}</span>
        <span className="truncate text-xs text-muted">
          {relay.name === relay.siteName ? '' : relay.name}
          {relay.kind === 'leaf' ? ' (leaf)' : ''}
        </span>
        <span className="ml-auto text-xs whitespace-nowrap text-muted">{plural(relay.devices, 'device')}</span>
      </div>
      <div className="mt-0.5 flex flex-wrap gap-x-3 text-xs text-muted">
        <span
          className={relay.isConnected ? '' : 'font-medium text-down'}
          title={`Version ${relay.version} on ${relay.hostname}`}
        >
          {relay.isConnected ? 'connected' : `away ${awayFor(relay.lastSeenAt, now)}`}
        </span>
        <span
          title="Batches the relay holds that the console has not stored"
          className={relay.backlog > 0 ? 'text-changed' : ''}
        >
          {relay.backlog === 0 ? 'no backlog' : `backlog ${relay.backlog.toLocaleString('en')}`}
        </span>
        <span
          title={`The relay's certificate expires on ${fullTime(relay.certificateExpiresAt)}`}
          className={certificate < CERTIFICATE_LATE_MS ? 'text-changed' : ''}
        >
          {certificate <= 0 ? 'certificate expired' : `cert ${shortDuration(certificate)}`}
        </span>
        <span title="The relay's clock against the console's" className={isSkewed ? 'text-changed' : ''}>
          {isSkewed ? `clock ${shortDuration(Math.abs(skew))} ${skew > 0 ? 'ahead' : 'behind'}` : 'clock right'}
        </span>
      </div>
    </li>
  );
}

const awayFor = (lastSeenAt: number | null, now: number): string =>
  lastSeenAt === null ? '(never seen)' : `for ${shortDuration(now - lastSeenAt)}`;

/** A closed link of two, or an open one. */
function LinkShape({ isConnected }: { isConnected: boolean }) {
  return (
    <svg viewBox="0 0 16 12" aria-hidden="true" className={`h-3 w-4 ${isConnected ? 'text-up' : 'text-down'}`}>
      <g fill="none" stroke="currentColor" strokeWidth="1.6">
        <circle cx="3.5" cy="6" r="2.7" />
        <circle cx="12.5" cy="6" r="2.7" />
        {isConnected ? <path d="M6.2 6h3.6" /> : <path d="m6.6 9.8 2.8-7.6" />}
      </g>
    </svg>
  );
}
