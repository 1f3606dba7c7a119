// Stops an order, or declines one that still waits: asked once, because nobody can take it back.
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { faultText } from '#console/web/src/api/fault.ts';
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
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string>();
  const stop = async () => {
    setIsBusy(true);
    setError(undefined);
    try {
      for (const id of ids) await api.actions.cancel({ id });
      setIsAsking(false);
      onStopped?.();
    } catch (fault) {
      setError(faultText(fault));
    }
    setIsBusy(false);
  };
  return (
    <>
      <Button kind="danger" icon="close" onClick={() => setIsAsking(true)}>
        {t(isWaiting ? 'decline' : 'stop')}
      </Button>
      <ConfirmDialog
        title={t(isWaiting ? 'declineAsk' : 'stopAsk')}
        isOpen={isAsking}
        isBusy={isBusy}
        error={error}
        confirmText={t(isWaiting ? 'decline' : 'stop')}
        onClose={() => setIsAsking(false)}
        onConfirm={() => void stop()}
      >
        <p className="m-0">{t(isWaiting ? 'declineBody' : 'stopBody')}</p>
      </ConfirmDialog>
    </>
  );
}
