// The pages as links, in their parts; the same list at a desk and in the drawer of a phone.
import { Link, useRouterState } from '@tanstack/react-router';
import { PageBadge, usePageWaiting } from './page-badge.tsx';
import { PageIcon } from './page-icon.tsx';
import { type OpenPage, usePages } from './page-list.ts';
import { pageOf } from './pages.ts';
import { t } from './text.ts';

const PARTS = ['watch', 'places', 'system', 'people'] as const;

/** A device belongs to the fleet: the entry stays marked on the pages below it. */
export function useCurrentPage(): string | undefined {
  return useRouterState({ select: ({ location }) => pageOf(location.pathname)?.path });
}

export function NavList({ isSlim = false, onGo }: { isSlim?: boolean; onGo?: () => void }) {
  const pages = usePages();
  const current = useCurrentPage();
  return PARTS.map((part) => {
    const entries = pages.filter((page) => page.part === part);
    return (
      entries.length > 0 && (
        <ul key={part} className="nav-part">
          {entries.map((page) => (
            <li key={page.path}>
              <NavLink page={page} isCurrent={page.path === current} isSlim={isSlim} {...(onGo && { onGo })} />
            </li>
          ))}
        </ul>
      )
    );
  });
}

interface NavLinkProps {
  page: OpenPage;
  isCurrent: boolean;
  isSlim: boolean;
  onGo?: () => void;
}

function NavLink({ page, isCurrent, isSlim, onGo }: NavLinkProps) {
  const { label } = usePageWaiting(page.path);
  const title = label !== '' && isSlim ? `${t(page.title)}, ${label}` : t(page.title);
  return (
    <Link
      to={page.path}
      className="nav-entry"
      {...(isSlim && { title, 'aria-label': title })}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={onGo}
    >
      <PageIcon name={page.icon} />
      {!isSlim && <span className="truncate">{title}</span>}
      <PageBadge path={page.path} />
    </Link>
  );
}
