// The page of a terminal on a device: the way in, then the shell, for as long as somebody looks at it.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { namesOf, targetsQuery } from '#console/web/src/orders/orders-data.ts';
import { SessionDoor } from '#console/web/src/session/session-door.tsx';
import type { SessionWish } from '#console/web/src/session/session-draft.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { rmm } from '#console/web/src/signing/command-text.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import type { OpenSession } from '#shared/seal/attached-session.ts';
import { t } from './text.ts';

/** The screen comes when a session stands: it is larger than everything else of the page. */
const TerminalView = lazy(async () => ({ default: (await import('./terminal-view.tsx')).TerminalView }));

const route = getRouteApi('/shell/devices/$id/terminal');

/** As the command line asks: a forgotten terminal ends, and so does a flood that nobody reads. */
const IDLE_MS = 15 * 60_000;
const TIMEOUT_MS = 60 * 60_000;
const MAX_BYTES = 16 * 1024 ** 3;

/** The window has its true size from the moment somebody attaches. */
const WISH: SessionWish = { kind: 'terminal', cols: 80, rows: 24, idleMs: IDLE_MS, maxBytes: MAX_BYTES };

export function TerminalPage() {
  const { id } = route.useParams();
  const targets = useQuery(targetsQuery([id])).data;
  const [session, setSession] = useState<OpenSession>();
  const name = namesOf(targets ?? []).get(id) ?? id;
  usePageTitle(t('titleOf', { device: name }));
  return (
    <>
      <PageHead
        title={t('titleOf', { device: name })}
        note={
          <Link to="/devices/$id" params={{ id }}>
            {t('toDevice')}
          </Link>
        }
      />
      <p className="mt-0 mb-3 max-w-prose">{t('recorded')}</p>
      {session === undefined ? (
        <SessionDoor
          device={id}
          wish={WISH}
          timeoutMs={TIMEOUT_MS}
          verb={t('open')}
          command={rmm('ssh', id)}
          onOpen={setSession}
        />
      ) : (
        <Suspense fallback={<SkeletonBlock className="h-96" />}>
          <TerminalView session={session} device={name} onAgain={() => setSession(undefined)} />
        </Suspense>
      )}
    </>
  );
}
