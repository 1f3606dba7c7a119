// The navigation where thumbs are: the pages one looks at most.
import { Link } from '@tanstack/react-router';
import { Icon } from '#console/web/src/ui/icon.tsx';
import { useCurrentPage } from './nav-list.tsx';
import { showOverlay } from './overlay.ts';
import { PageBadge } from './page-badge.tsx';
import { PageIcon } from './page-icon.tsx';
import { usePages } from './page-list.ts';
import { t } from './text.ts';

/** More do not fit beside each other on 390 px with words below their signs; taking an incident and approving are a phone's work. */
const MAX_PAGES = 4;

export function BottomBar() {
  const pages = usePages().slice(0, MAX_PAGES);
  const current = useCurrentPage();
  return (
    <nav aria-label={t('mainNavigation')} className="bottom-bar">
      {pages.map((page) => (
        <Link
          key={page.path}
          to={page.path}
          className="bottom-entry"
          aria-current={page.path === current ? 'page' : undefined}
        >
          <span className="relative">
            <PageIcon name={page.icon} />
            <span className="absolute -top-1.5 left-2.5">
              <PageBadge path={page.path} />
            </span>
          </span>
          {t(page.title)}
        </Link>
      ))}
      <button type="button" className="bottom-entry" aria-haspopup="dialog" onClick={() => showOverlay('palette')}>
        <Icon name="search" />
        {t('search')}
      </button>
      <button type="button" className="bottom-entry" aria-haspopup="dialog" onClick={() => showOverlay('drawer')}>
        <Icon name="menu" />
        {t('more')}
      </button>
    </nav>
  );
}
