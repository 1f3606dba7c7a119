// What of the frame a small screen has no room for: all pages, the time zone, the version.
import { useQuery } from '@tanstack/react-query';
import { timeZone, zoneOffset } from '#console/web/src/text/time.ts';
import { Sheet } from '#console/web/src/ui/sheet.tsx';
import { meQuery } from './me.ts';
import { NavList } from './nav-list.tsx';
import { t } from './text.ts';

interface DrawerProps {
  isOpen: boolean;
  onClose: () => void;
}

export function Drawer({ isOpen, onClose }: DrawerProps) {
  return (
    <Sheet title={t('more')} isOpen={isOpen} onClose={onClose}>
      <nav aria-label={t('allPages')}>
        <NavList onGo={onClose} />
      </nav>
      <p className="text-xs text-muted">
        {t('timeZoneHint')}: {timeZone} ({zoneOffset})
        <Version />
      </p>
    </Sheet>
  );
}

function Version() {
  const me = useQuery(meQuery);
  if (me.data === undefined) return null;
  return (
    <>
      <br />
      {t('version', { version: me.data.version })}
    </>
  );
}
