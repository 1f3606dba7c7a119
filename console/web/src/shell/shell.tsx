// The frame around every page: where one is, who one is, and whether what one sees is live.
import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { isSignedOut } from '#console/web/src/api/fault.ts';
import { StepUpHost } from '#console/web/src/door/step-up-host.tsx';
import { useMay, useMayRead } from '#console/web/src/rights/may.ts';
import { PageGuard } from '#console/web/src/rights/page-guard.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { Toaster } from '#console/web/src/ui/toaster.tsx';
import { VerbHost } from '#console/web/src/verbs/verb-host.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { FocusKeeper } from './focus-keeper.tsx';
import { focusHeading } from './focus-place.ts';
import { FrameKeys } from './frame-keys.tsx';
import { meQuery } from './me.ts';
import { Overlays } from './overlays.tsx';
import { PageChange } from './page-change.tsx';
import { SideNav } from './side-nav.tsx';
import { t } from './text.ts';
import { TopBar } from './top-bar.tsx';
import { useLiveData } from './use-live-data.ts';
import { useStatus } from './use-status.ts';

/** The same in every language. */
const EXPORT_COMMAND = 'npm run rmm -- owner export <file>';
const PAPER_COMMAND = 'npm run rmm -- owner paper';

export function Shell() {
  const me = useQuery(meQuery);
  const isIn = me.data?.mustEnrol === false;
  // The feed and the counts are of devices: without them they would only be refused again and again.
  const maySee = useMayRead('device.read');
  const mayCount = useMayRead('system.read');
  // Whoever cannot change a charter can do nothing about its owners' keys.
  const mayOwn = useMay('charter.write');
  useLiveData(isIn && maySee);
  useStatus(isIn && mayCount);
  if (isSignedOut(me.error)) return <Navigate to="/sign-in" />;
  if (me.data?.mustEnrol === true) return <Navigate to="/set-up" />;
  return (
    <div className="flex min-h-dvh">
      {/* biome-ignore lint/a11y/useValidAnchor: it does lead there, and where one has come is seen at the heading */}
      <a
        href="#content"
        className="skip-link"
        onClick={(event) => {
          event.preventDefault();
          focusHeading();
        }}
      >
        {t('skip')}
      </a>
      <SideNav />
      <div className="flex min-w-0 grow flex-col">
        <TopBar me={me.data} />
        {mayOwn && me.data?.hasUnexportedOwner === true && <OwnerNote />}
        {mayOwn && me.data?.hasUnexportedOwner === false && me.data.hasUnwrittenPaper && <PaperNote />}
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto w-full max-w-[1680px] grow px-3 pt-4 pb-20 outline-none sm:px-5 lg:pb-8"
        >
          {me.data === undefined && me.error !== null ? (
            <FaultNote what={t('unreachable')} error={me.error} onRetry={() => void me.refetch()} />
          ) : (
            me.data !== undefined && <PageGuard />
          )}
        </main>
      </div>
      <BottomBar />
      <PageChange />
      <FocusKeeper />
      <FrameKeys />
      <StepUpHost />
      <Overlays />
      <VerbHost />
      <Toaster />
    </div>
  );
}

function OwnerNote() {
  return <Note>{t.rich('ownerKey', { command: <code className="code">{EXPORT_COMMAND}</code> })}</Note>;
}

function PaperNote() {
  return <Note>{t.rich('paperKey', { command: <code className="code">{PAPER_COMMAND}</code> })}</Note>;
}

function Note({ children }: { children: ReactNode }) {
  return (
    <aside
      aria-label={t('notice')}
      className="border-b border-line bg-surface px-3 py-1.5 text-xs text-changed sm:px-5"
    >
      {children}
    </aside>
  );
}
