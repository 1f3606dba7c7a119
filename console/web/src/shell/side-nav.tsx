// The navigation at a desk: slim, and slimmer still when somebody wants the room; which of the two is remembered.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { readStored, writeStored } from '#console/web/src/settings/stored.ts';
import { BrandMark } from './brand-mark.tsx';
import { NavList } from './nav-list.tsx';
import { t } from './text.ts';

const SETTING = 'rmm-nav';

export function SideNav() {
  const [isSlim, setIsSlim] = useState(() => readStored(SETTING) === 'slim');
  const change = () => {
    writeStored(SETTING, isSlim ? 'wide' : 'slim');
    setIsSlim(!isSlim);
  };
  const label = t(isSlim ? 'expand' : 'collapse');
  return (
    <nav aria-label={t('mainNavigation')} className="side-nav" data-slim={isSlim || undefined}>
      <Link to="/" aria-label={t('home')} className="side-nav-home">
        <BrandMark className="size-5 shrink-0" />
        {!isSlim && <span>RMM</span>}
      </Link>
      <div className="grow overflow-y-auto">
        <NavList isSlim={isSlim} />
      </div>
      <button type="button" className="nav-entry" aria-expanded={!isSlim} title={label} onClick={change}>
        <svg viewBox="0 0 16 16" aria-hidden="true" className="size-4 shrink-0">
          <path
            d={isSlim ? 'M2 2.5h12v11H2zm4 0v11m3-7 1.5 1.5L9 9.5' : 'M2 2.5h12v11H2zm4 0v11m4.5-7L9 8l1.5 1.5'}
            fill="none"
            stroke="currentColor"
            strokeWidth="1.4"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </svg>
        <span className={isSlim ? 'sr-only' : 'truncate'}>{label}</span>
      </button>
    </nav>
  );
}
