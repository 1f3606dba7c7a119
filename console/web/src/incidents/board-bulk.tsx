// What is done to all chosen incidents at once.
import { Button } from '#console/web/src/ui/button.tsx';
import { Menu } from '#console/web/src/ui/menu.tsx';
import { Checkbox } from '#console/web/src/ui/tick.tsx';
import { useAct } from './incidents-data.ts';
import { SNOOZES, snoozeText } from './snooze.ts';
import { t } from './text.ts';

interface BulkProps {
  ids: string[];
  isAll: boolean;
  onAll: (isOn: boolean) => void;
  onDone: () => void;
}

export function BoardBulk({ ids, isAll, onAll, onDone }: BulkProps) {
  const acting = useAct(onDone);
  const subjects = { incidents: ids };
  const isNone = ids.length === 0;
  return (
    <section className="board-bulk" aria-label={t('chosen')}>
      <Checkbox
        label={isNone ? t('chooseAll') : t('chosenCount', { count: ids.length })}
        isOn={isAll}
        isMixed={!isNone && !isAll}
        onChange={onAll}
      />
      {!isNone && (
        <>
          <Button
            isSmall
            icon="check"
            needs="alert.write"
            isBusy={acting.isPending}
            onClick={() => acting.mutate({ act: { act: 'acknowledge' }, subjects })}
          >
            {t('acknowledge')}
          </Button>
          <Button
            isSmall
            needs="alert.write"
            disabled={acting.isPending}
            onClick={() => acting.mutate({ act: { act: 'resolve' }, subjects })}
          >
            {t('resolve')}
          </Button>
          <Menu
            button={{ text: t('snooze'), icon: 'clock', isSmall: true }}
            items={SNOOZES.map((forMs) => ({
              key: String(forMs),
              text: snoozeText(forMs),
              needs: 'alert.write',
              onSelect: () => acting.mutate({ act: { act: 'snooze', forMs }, subjects }),
            }))}
          />
        </>
      )}
    </section>
  );
}
