// Above every page: which part of the estate, search, whether all is live, the time zone, and the person.
import { Link } from '@tanstack/react-router';
import { timeZone, zoneOffset } from '#console/web/src/text/time.ts';
import { Icon } from '#console/web/src/ui/icon.tsx';
import type { Me } from '#shared/contract/session-contract.ts';
import { BrandMark } from './brand-mark.tsx';
import { keyText } from './key-text.ts';
import { LinkMark } from './link-mark.tsx';
import { showOverlay } from './overlay.ts';
import { PersonMenu } from './person-menu.tsx';
import { ScopeSwitch } from './scope-switch.tsx';
import { t } from './text.ts';

export function TopBar({ me }: { me: Me | undefined }) {
  return (
    <header className="top-bar">
      <Link to="/" aria-label={t('home')} className="lg:hidden">
        <BrandMark className="size-5" />
      </Link>
      {me !== undefined && <ScopeSwitch className="min-w-0" />}
      <span className="grow" />
      {me !== undefined && <SearchButton />}
      <LinkMark />
      <span className="hidden text-xs whitespace-nowrap text-muted xl:inline" title={t('timeZoneHint')}>
        {timeZone} ({zoneOffset})
      </span>
      <button
        type="button"
        className="button button-quiet button-small button-icon hidden sm:inline-flex"
        aria-haspopup="dialog"
        title={t('keysHint')}
        onClick={() => showOverlay('keys')}
      >
        <kbd>?</kbd>
        <span className="sr-only">{t('keysHint')}</span>
      </button>
      {me !== undefined && <PersonMenu me={me} />}
    </header>
  );
}

function SearchButton() {
  return (
    <button
      type="button"
      className="search-button hidden sm:flex"
      aria-haspopup="dialog"
      onClick={() => showOverlay('palette')}
    >
      <Icon name="search" />
      <span className="grow truncate text-left">{t('searchHint')}</span>
      <kbd>{keyText('Mod+k')}</kbd>
    </button>
  );
}
