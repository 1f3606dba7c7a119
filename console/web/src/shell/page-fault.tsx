// A page that is not there, and a page that broke: both say so plainly and lead on.
import { Link } from '@tanstack/react-router';
import { t } from './text.ts';

export function NotFound() {
  return (
    <Plain title={t('noPage')}>
      <Link to="/">{t('toOverview')}</Link>
    </Plain>
  );
}

export function PageFault({ error }: { error: unknown }) {
  return (
    <Plain title={t('brokenPage')}>
      <p className="text-muted">{error instanceof Error ? error.message : String(error)}</p>
      <button type="button" className="button" onClick={() => location.reload()}>
        {t('reload')}
      </button>
    </Plain>
  );
}

function Plain({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <main className="mx-auto mt-24 max-w-md px-4">
      <h1 className="text-lg font-semibold">{title}</h1>
      {children}
    </main>
  );
}
