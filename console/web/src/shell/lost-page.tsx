// What stands at an address that no page has: inside the frame, so that every other place is one step away.
import { useRouterState } from '@tanstack/react-router';
import { LinkButton } from '#console/web/src/ui/button.tsx';
import { inert } from '#shared/base/inert-text.ts';
import { usePageTitle } from './page-title.ts';
import { t } from './text.ts';

export function LostPage() {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  usePageTitle(t('noPage'));
  return (
    <section className="empty">
      <h1 className="text-lg font-semibold">{t('noPage')}</h1>
      <p className="text-muted wrap-anywhere">{t('noPageBody', { path: inert(path) })}</p>
      <div className="empty-steps">
        <LinkButton to="/" kind="primary">
          {t('toOverview')}
        </LinkButton>
      </div>
    </section>
  );
}
