// An order begins on a page of its own, where there is room to read what one signs; of too many devices it says so.
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { chosenSearch } from '#console/web/src/orders/chosen-devices.ts';
import { MAX_CHOSEN } from '#console/web/src/orders/order-search.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { t } from './text.ts';
import type { VerbDialogProps } from './verb-dialog.tsx';
import { titleFor } from './verb-title.ts';

export function OrderDialog({ asked: { devices }, onClose }: VerbDialogProps) {
  const navigate = useNavigate();
  const { ids } = devices;
  const fits = ids.length <= MAX_CHOSEN;
  useEffect(() => {
    if (!fits) return;
    onClose();
    void navigate({ to: '/orders/new', search: chosenSearch(ids) });
  }, [fits, ids, navigate, onClose]);
  if (fits) return null;
  return (
    <Dialog
      isOpen
      size="small"
      title={titleFor('actions.submit', devices)}
      onClose={onClose}
      footer={<Button onClick={onClose}>{t('close')}</Button>}
    >
      <p className="m-0">{t('tooManyForOrder', { count: MAX_CHOSEN })}</p>
    </Dialog>
  );
}
