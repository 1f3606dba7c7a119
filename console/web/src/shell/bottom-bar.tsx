// The navigation where thumbs are: the pages one looks at most.
import { Link } from '@tanstack/react-router';
import { Icon } from '#console/web/src/ui/icon.tsx';
import { useCurrentPage } from './nav-list.tsx';
import { showOverlay } from './overlay.ts';
import { PageIcon } from './page-icon.tsx';
import { usePages } from './page-list.ts';
import { t } from './text.ts';

/** More do not fit beside each other on 390 px with words below their signs. */
const MAX_PAGES = 3;

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
          <PageIcon name={page.icon} />
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
