// The navigation where thumbs are: the pages one looks at most.
import { Link } from '@tanstack/react-router';
import { useCurrentPage } from './nav-list.tsx';
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
    </nav>
  );
}
