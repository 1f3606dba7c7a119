// The frame around every page: where one is, who one is, and whether what one sees is live.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Navigate, Outlet, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { isSignedOut } from '#console/web/src/api/fault.ts';
import { type LinkState, useLink } from '#console/web/src/live/feed.ts';
import { learnConsoleTime } from '#console/web/src/live/now.ts';
import { timeZone, zoneOffset } from '#console/web/src/text/time.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import type { Me } from '#shared/contract/session-contract.ts';
import { KeySheet } from './key-sheet.tsx';
import { setDownCount } from './page-title.ts';
import { useLiveData } from './use-live-data.ts';

export function Shell() {
  const me = useQuery({ queryKey: ['me'], queryFn: ({ signal }) => api.session.me(undefined, { signal }) });
  useLiveData(me.data !== undefined);
  useStatus(me.data !== undefined);
  if (isSignedOut(me.error)) return <Navigate to="/sign-in" />;
  return (
    <div className="flex min-h-dvh flex-col">
      <a href="#content" className="skip-link">
        Skip to content
      </a>
      <TopBar me={me.data} />
      {me.data?.hasUnexportedOwner === true && <OwnerNote />}
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-[1680px] grow px-3 py-4 outline-none sm:px-5">
        {me.data === undefined && me.error !== null ? (
          <FaultNote what="The console cannot be reached." error={me.error} onRetry={() => void me.refetch()} />
        ) : (
          me.data !== undefined && <Outlet />
        )}
      </main>
    </div>
  );
}

/** Counts for the title, and the console's clock. Hidden tabs ask too: their title is what they are kept for. */
function useStatus(isSignedIn: boolean): void {
  const status = useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => api.system.status(undefined, { signal }),
    enabled: isSignedIn,
    refetchInterval: 60_000,
    refetchIntervalInBackground: true,
  });
  const { data } = status;
  useEffect(() => {
    if (data === undefined) return;
    learnConsoleTime(data.now);
    setDownCount(data.devices['down'] ?? 0);
  }, [data]);
}

function TopBar({ me }: { me: Me | undefined }) {
  return (
    <header className="sticky top-0 z-20 flex h-11 items-center gap-4 border-b border-line bg-surface px-3 sm:px-5">
      <Link to="/" className="flex items-center gap-2 font-semibold text-ink no-underline">
        <img src="/icon.svg" alt="" className="size-5" />
        RMM
      </Link>
      <nav aria-label="Main">
        <Link to="/" className="nav-link" activeOptions={{ exact: true, includeSearch: false }}>
          Fleet
        </Link>
      </nav>
      <span className="grow" />
      <LinkMark />
      <span className="hidden text-xs text-muted sm:inline" title="All times are shown in this time zone">
        {timeZone} <span className="text-muted">({zoneOffset})</span>
      </span>
      <KeySheet />
      {me !== undefined && <Person name={me.name} version={me.version} />}
    </header>
  );
}

function Person({ name, version }: { name: string; version: string }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const signOut = async () => {
    await api.session.remove();
    queries.clear();
    await navigate({ to: '/sign-in' });
  };
  return (
    <span className="flex items-center gap-3 text-xs text-muted">
      <span className="hidden max-w-40 truncate md:inline" title={`Console version ${version}`}>
        {name}
      </span>
      <button type="button" className="button-quiet" onClick={() => void signOut()}>
        Sign out
      </button>
    </span>
  );
}

const LINK: Readonly<Record<LinkState, { text: string; tone: string; title: string }>> = {
  live: { text: 'Live', tone: 'text-up', title: 'Changes appear the moment the console knows them' },
  connecting: { text: 'Connecting', tone: 'text-muted', title: 'Opening the feed of live changes' },
  paused: { text: 'Paused', tone: 'text-muted', title: 'This tab was in the background' },
  lost: {
    text: 'Not live',
    tone: 'text-down',
    title: 'The feed broke off; what you see may be old. It is tried again',
  },
};

function LinkMark() {
  const link = useLink();
  const { text, tone, title } = LINK[link];
  return (
    <span role="status" title={title} className={`inline-flex items-center gap-1.5 text-xs ${tone}`}>
      <svg viewBox="0 0 12 12" aria-hidden="true" className="size-2.5">
        {link === 'live' ? (
          <circle cx="6" cy="6" r="4.5" fill="currentColor" />
        ) : (
          <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="2" />
        )}
      </svg>
      {text}
    </span>
  );
}

function OwnerNote() {
  return (
    <aside aria-label="Notice" className="border-b border-line bg-surface px-3 py-1.5 text-xs text-changed sm:px-5">
      The owner key still lies on the console&rsquo;s disk. Take it out:{' '}
      <code className="code">npm run rmm -- owner export &lt;file&gt;</code>
    </aside>
  );
}
