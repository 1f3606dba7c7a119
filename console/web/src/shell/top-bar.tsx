// Above every page: the console's name on small screens, whether all is live, the time zone, and the person.
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api } from '#console/web/src/api/api.ts';
import { timeZone, zoneOffset } from '#console/web/src/text/time.ts';
import type { Me } from '#shared/contract/session-contract.ts';
import { KeySheet } from './key-sheet.tsx';
import { LinkMark } from './link-mark.tsx';
import { t } from './text.ts';

export function TopBar({ me }: { me: Me | undefined }) {
  return (
    <header className="sticky top-0 z-20 flex h-11 items-center gap-4 border-b border-line bg-surface px-3 sm:px-5">
      <Link to="/" aria-label={t('home')} className="lg:hidden">
        <img src="/icon.svg" alt="" className="size-5" />
      </Link>
      <span className="grow" />
      <LinkMark />
      <span className="hidden text-xs text-muted sm:inline" title={t('timeZoneHint')}>
        {timeZone} ({zoneOffset})
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
      <span className="hidden max-w-40 truncate md:inline" title={t('version', { version })}>
        {name}
      </span>
      <button type="button" className="button-quiet" onClick={() => void signOut()}>
        {t('signOut')}
      </button>
    </span>
  );
}
