// What can be done with the chosen rows, below a list: the verbs of the table that take many devices.
import { operations } from 'virtual:contract-operations';
import { Button } from '#console/web/src/ui/button.tsx';
import { askVerb, type ChosenDevices } from './ask-verb.ts';
import { t } from './text.ts';
import { verbTitle } from './verb-title.ts';
import { BULK_VERBS, type BulkVerb, VERBS } from './verbs.ts';

interface BulkBarProps {
  /** How many are chosen; nothing is shown for none. */
  count: number;
  /** Asked when a verb is pressed. */
  devices: () => ChosenDevices;
  verbs?: readonly BulkVerb[];
  /** How many of them the list does not show now. */
  hidden?: number;
  onClear: () => void;
}

/** Done there and then, and not to be undone: an order is read on its own page first. */
const isDone = (verb: BulkVerb): boolean => operations[verb].isDangerous && verb !== 'actions.submit';

export function BulkBar({ count, devices, verbs = BULK_VERBS, hidden = 0, onClear }: BulkBarProps) {
  return (
    <section aria-label={t('selection')} className="bulk-bar" hidden={count === 0}>
      {/* It stands before the first choice, so that this one is read out too. */}
      <p role="status" className="m-0 font-medium whitespace-nowrap">
        {count > 0 && t('selected', { count })}
        {hidden > 0 && <span className="block text-xs font-normal text-muted">{t('hidden', { count: hidden })}</span>}
      </p>
      {count > 0 && (
        <>
          <div className="bulk-verbs">
            {verbs.map((verb) => (
              <Button
                key={verb}
                isSmall
                kind={isDone(verb) ? 'danger' : 'plain'}
                icon={VERBS[verb].icon}
                needs={operations[verb].permission}
                onClick={() => {
                  const onDone = isDone(verb) ? onClear : undefined;
                  askVerb({ verb, devices: devices(), ...(onDone && { onDone }) });
                }}
              >
                {verbTitle(verb)}
              </Button>
            ))}
          </div>
          <Button isSmall kind="quiet" icon="close" onClick={onClear}>
            {t('clear')}
          </Button>
        </>
      )}
    </section>
  );
}
