// The mark of a site that takes no orders, wherever the site is shown.
import { Icon } from '#console/web/src/ui/icon.tsx';
import { t } from './text.ts';

export function FrozenMark({ at }: { at: number | null }) {
  if (at === null) return null;
  return (
    <span className="inline-flex shrink-0 items-baseline gap-1 rounded border border-down/50 px-1 text-[11px] leading-4 font-normal text-down">
      <Icon name="lock" className="size-3 self-center" />
      {t('frozenMark')}
    </span>
  );
}
