// Stops an order, or declines one that still waits: asked once, because nobody can take it back.
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { useDeed } from '#console/web/src/form/use-deed.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { ConfirmDialog } from '#console/web/src/ui/dialog.tsx';
import { t } from './text.ts';

export function StopOrder({
  ids,
  isWaiting,
  onStopped,
}: {
  ids: readonly string[];
  isWaiting: boolean;
  onStopped?: () => void;
}) {
  const [isAsking, setIsAsking] = useState(false);
  const { isBusy, error, run } = useDeed(
    async () => {
      for (const id of ids) await api.actions.cancel({ id });
    },
    () => {
      setIsAsking(false);
      onStopped?.();
    },
  );
  return (
    <>
      <Button kind="danger" icon="close" needs="action.cancel" onClick={() => setIsAsking(true)}>
        {t(isWaiting ? 'decline' : 'stop')}
      </Button>
      <ConfirmDialog
        title={t(isWaiting ? 'declineAsk' : 'stopAsk')}
        isOpen={isAsking}
        isBusy={isBusy}
        error={error}
        confirmText={t(isWaiting ? 'decline' : 'stop')}
        onClose={() => setIsAsking(false)}
        onConfirm={run}
      >
        <p className="m-0">{t(isWaiting ? 'declineBody' : 'stopBody')}</p>
      </ConfirmDialog>
    </>
  );
}
