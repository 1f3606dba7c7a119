// Where the parts of the overview will stand, at their size, so that nothing moves when they come.
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { t } from './text.ts';

export function OverviewWait() {
  return (
    <div role="status" aria-label={t('reading')}>
      <SkeletonBlock className="h-19" />
      <div className="overview">
        <SkeletonBlock className="h-80" />
        <SkeletonBlock className="h-80" />
        <SkeletonBlock className="h-80" />
        <SkeletonBlock className="h-80" />
      </div>
    </div>
  );
}
