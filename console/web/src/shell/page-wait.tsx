// Stands where a page will stand while its file is loaded.
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { t } from './text.ts';

export const PageWait = () => <SkeletonRows label={t('loadingPage')} />;
