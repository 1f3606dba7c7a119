// The way from the list one came from: back to it, and to the devices before and after this one in it.
import { Link, useNavigate, useRouter } from '@tanstack/react-router';
import { useMemo } from 'react';
import { IconButton } from '#console/web/src/ui/button.tsx';
import { Icon } from '#console/web/src/ui/icon.tsx';
import { useKeys } from '#console/web/src/ui/use-keys.ts';
import type { DeviceData } from './device-data.ts';
import { currentTrail, neighboursOf } from './neighbours.ts';
import { t } from './text.ts';

/** Something lies above the page, and Escape is its. */
const isCovered = (): boolean => document.querySelector('dialog[open], :popover-open') !== null;

export function DeviceWay({ device }: { device: DeviceData }) {
  const { id } = device;
  const { history } = useRouter();
  const navigate = useNavigate();
  const trail = currentTrail();
  const { former, next, place, count } = useMemo(() => neighboursOf(trail?.ids() ?? [], id), [trail, id]);
  const keys = useMemo(() => {
    const up = () => (trail === undefined ? void navigate({ to: '/fleet' }) : history.push(trail.href));
    // The view and its span stay: one compares.
    const go = (to: string | undefined) =>
      to !== undefined && void navigate({ to: '/devices/$id', params: { id: to }, search: (now) => now });
    return {
      u: { run: up, what: t('keyUp') },
      Escape: () => !isCovered() && up(),
      '[': { run: () => go(former), what: t('keyFormer') },
      ']': { run: () => go(next), what: t('keyNext') },
      up,
      go,
    };
  }, [trail, former, next, history, navigate]);
  useKeys(useMemo(() => ({ u: keys.u, Escape: keys.Escape, '[': keys['['], ']': keys[']'] }), [keys]));
  return (
    <nav aria-label={t('way')} className="flex min-h-7 items-center gap-1 text-xs text-muted">
      <Link to={trail?.href ?? '/fleet'} className="device-back">
        <Icon name="chevron-left" className="size-3.5" />
        {t('fleet')}
      </Link>
      {place > 0 && (
        <span className="ml-auto flex items-center gap-1">
          <span>{t('placeOf', { place, of: count })}</span>
          <IconButton
            isSmall
            icon="chevron-left"
            label={t('former')}
            disabled={former === undefined}
            onClick={() => keys.go(former)}
          />
          <IconButton
            isSmall
            icon="chevron-right"
            label={t('next')}
            disabled={next === undefined}
            onClick={() => keys.go(next)}
          />
        </span>
      )}
    </nav>
  );
}
