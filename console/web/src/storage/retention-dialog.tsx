// Changes how long metrics of one customer are kept; what goes by it is said, in days and bytes, before it is done.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { faultText } from '#console/web/src/api/fault.ts';
import { useCustomers } from '#console/web/src/sites/sites-data.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { ConfirmDialog, Dialog } from '#console/web/src/ui/dialog.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { LossText } from './loss-text.tsx';
import { daysTyped, lossOf } from './retention-loss.ts';
import type { CustomerRow, RetentionData, StorageData } from './storage-data.ts';
import { t } from './text.ts';
import { DAY_MS } from './words.ts';

interface RetentionDialogProps {
  /** Undefined: one is chosen here. */
  customer: CustomerRow | undefined;
  retention: RetentionData;
  storage: StorageData;
  onClose: () => void;
}

/** A wish without members is everybody's again. */
interface Wish {
  rawDays?: number;
  archiveDays?: number;
}

export function RetentionDialog({ customer, retention, storage, onClose }: RetentionDialogProps) {
  const [id, setId] = useState<string>(customer?.customerId ?? '');
  const [raw, setRaw] = useState(String(customer?.retention.rawDays ?? ''));
  const [archive, setArchive] = useState(String(customer?.retention.archiveDays ?? ''));
  const [asked, setAsked] = useState<Wish>();
  const customers = useCustomers().data ?? [];
  const name = customer?.customerName ?? customers.find((one) => one.id === id)?.name ?? '';
  const saving = useSaving(id, name, onClose);
  const { everybody } = retention;
  const [rawDays, archiveDays] = [daysTyped(raw), daysTyped(archive)];
  const isRight = id !== '' && !Number.isNaN(rawDays) && !Number.isNaN(archiveDays);
  const own = retention.customers.find(({ customerId }) => customerId === id)?.retention ?? {};
  const lossBy = (wish: Wish) =>
    lossOf(
      storage.tiers,
      Math.floor(storage.at / DAY_MS),
      { ...everybody, ...defined(own) },
      { ...everybody, ...wish },
    );
  const submit = (wish: Wish) => {
    const loss = lossBy(wish);
    if (loss.rawDays + loss.totalDays > 0) setAsked(wish);
    else saving.mutate(wish);
  };
  if (asked !== undefined)
    return (
      <ConfirmDialog
        isOpen
        title={t('losesTitle')}
        confirmText={t('goAway')}
        word={name}
        isBusy={saving.isPending}
        error={saving.error === null ? '' : faultText(saving.error)}
        onClose={onClose}
        onConfirm={() => saving.mutate(asked)}
      >
        <LossText loss={lossBy(asked)} customer={name} />
      </ConfirmDialog>
    );
  return (
    <Dialog
      isOpen
      size="small"
      title={customer === undefined ? t('formTitleNew') : t('formTitle', { customer: name })}
      onClose={onClose}
      onSubmit={() => isRight && submit(wishOf(rawDays, archiveDays))}
      footer={
        <>
          {customer !== undefined && <Button onClick={() => submit({})}>{t('back')}</Button>}
          <Button kind="primary" type="submit" isBusy={saving.isPending} disabled={!isRight}>
            {t('save')}
          </Button>
        </>
      }
    >
      {customer === undefined && (
        <Select
          label={t('customer')}
          placeholder={t('chooseCustomer')}
          value={id}
          options={customers.map((one) => ({ value: one.id, label: one.name }))}
          onChoose={setId}
        />
      )}
      <DaysField label={t('rawDays')} text={raw} usual={everybody.rawDays} onText={setRaw} />
      <DaysField label={t('archiveDays')} text={archive} usual={everybody.archiveDays} onText={setArchive} />
      {saving.isError && (
        <p role="alert" className="m-0 text-down">
          {faultText(saving.error)}
        </p>
      )}
    </Dialog>
  );
}

interface DaysFieldProps {
  label: string;
  text: string;
  usual: number;
  onText: (text: string) => void;
}

const DaysField = ({ label, text, usual, onText }: DaysFieldProps) => (
  <TextField
    label={label}
    value={text}
    onText={onText}
    inputMode="numeric"
    hint={t('rawHint', { days: usual })}
    error={Number.isNaN(daysTyped(text)) ? t('dayRule') : ''}
  />
);

const defined = ({ rawDays, archiveDays }: { rawDays?: number | undefined; archiveDays?: number | undefined }): Wish =>
  wishOf(rawDays, archiveDays);

const wishOf = (rawDays: number | undefined, archiveDays: number | undefined): Wish => ({
  ...(rawDays !== undefined && { rawDays }),
  ...(archiveDays !== undefined && { archiveDays }),
});

function useSaving(customerId: string, customer: string, onClose: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (wish: Wish) => {
      if (Object.keys(wish).length === 0) await api.maintenance.removeRetention({ customerId });
      else await api.maintenance.putRetention({ customerId, ...wish });
    },
    onSuccess: () => {
      toast.say(t('saved', { customer }));
      for (const key of ['storage', 'retention']) void queries.invalidateQueries({ queryKey: [key] });
      onClose();
    },
  });
}
