// What can follow an order that is over: the same again where it did not work, and the order that takes it back.
import { LinkButton } from '#console/web/src/ui/button.tsx';
import { type UndoPart, undoPlan } from '#shared/model/actions/undo-plan.ts';
import { failedDevices } from '#shared/model/outcome-kind.ts';
import { chosenSearch } from './chosen-devices.ts';
import type { Outcome } from './order-outcomes.tsx';
import { actionLine } from './order-view.tsx';
import { isOrderable, type Orderable } from './orderable.ts';
import { useOrdered } from './orders-data.ts';
import { t } from './text.ts';

/** `id`: any manifest of the order, they all ask for the same. */
export function OrderAgain({ id, outcomes }: { id: string; outcomes: readonly Outcome[] }) {
  const action = useOrdered(id)?.action;
  if (action === undefined || !isOrderable(action)) return null;
  const failed = failedDevices(outcomes);
  return (
    <div className="order-buttons mb-4">
      {failed.length > 0 && (
        <LinkButton to="/orders/new" search={{ ...chosenSearch(failed), anew: id }} icon="refresh">
          {t('runAgain', { count: failed.length })}
        </LinkButton>
      )}
      {undoParts(action, outcomes).map(({ action: undo, devices }) => (
        <LinkButton
          key={JSON.stringify(undo)}
          to="/orders/new"
          // The page reads there what the device said of how it was before.
          search={{ ...chosenSearch(devices), undo: outcomes.find((one) => one.deviceId === devices[0])?.action ?? id }}
          icon="clock"
        >
          {t('takeBack', { count: devices.length, what: actionLine(undo) })}
        </LinkButton>
      ))}
    </div>
  );
}

/** More ways back than a page has room for: such a registry is mended on the pages of the devices. */
const MAX_PARTS = 5;

const undoParts = (action: Orderable, outcomes: readonly Outcome[]): UndoPart<Outcome['deviceId']>[] =>
  action.name === 'command.run' ? [] : undoPlan(action, outcomes).slice(0, MAX_PARTS);
