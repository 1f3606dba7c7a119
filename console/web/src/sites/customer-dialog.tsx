// Adds a customer, or renames and describes one.
import { useQueryClient } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { useForm } from '#console/web/src/form/use-form.ts';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { TextArea, TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import type { CustomerRow } from './sites-data.ts';
import { t } from './text.ts';

/** Mount it to open it; without a customer it makes one. */
export function CustomerDialog({ customer, onClose }: { customer?: CustomerRow | undefined; onClose: () => void }) {
  const queries = useQueryClient();
  const { draft, change, errorOf, fault, isBusy, submit } = useForm({
    initial: { name: customer?.name ?? '', notes: customer?.notes ?? '' },
    fields: ['name', 'notes'],
    check: ({ name }): Record<string, string> => (name.trim() === '' ? { name: t('nameMissing') } : {}),
    save: (wish) =>
      customer === undefined ? api.customers.create(wish) : api.customers.update({ id: customer.id, ...wish }),
    onSaved: ({ name }) => {
      toast.say(t(customer === undefined ? 'customerAdded' : 'customerSaved', { name }));
      for (const key of ['customers', 'sites', 'overview']) void queries.invalidateQueries({ queryKey: [key] });
      onClose();
    },
  });
  return (
    <Dialog
      isOpen
      size="small"
      title={customer === undefined ? t('addCustomer') : t('editCustomer', { name: customer.name })}
      onClose={onClose}
      onSubmit={submit}
      isHeld={isBusy}
      footer={
        <SaveFooter verb={customer === undefined ? t('addCustomer') : t('save')} isBusy={isBusy} onClose={onClose} />
      }
    >
      <TextField label={t('name')} value={draft.name} error={errorOf('name')} onText={(name) => change({ name })} />
      <TextArea label={t('notes')} value={draft.notes} error={errorOf('notes')} onText={(notes) => change({ notes })} />
      <FormFault text={fault} />
    </Dialog>
  );
}
