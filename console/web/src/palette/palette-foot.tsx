// Below the list: how much was found, said politely, and the keys that work here.
import { t } from './text.ts';

interface PaletteFootProps {
  count: number;
  more: number;
  query: string;
  isWaiting: boolean;
  isFault: boolean;
}

function stateText({ count, more, query, isWaiting, isFault }: PaletteFootProps): string {
  if (isFault) return t('notSearched');
  if (more > 0) return t('more', { count: more });
  if (count > 0) return query.trim() === '' ? '' : t('results', { count });
  return isWaiting ? t('searching') : t('nothing');
}

export function PaletteFoot(props: PaletteFootProps) {
  return (
    <div className="palette-foot">
      <span role="status" className="grow">
        {stateText(props)}
      </span>
      <span className="hidden gap-3 sm:flex" aria-hidden="true">
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> {t('footWalk')}
        </span>
        <span>
          <kbd>↵</kbd> {t('footOpen')}
        </span>
      </span>
    </div>
  );
}
