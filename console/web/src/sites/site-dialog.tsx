// Adds a site, or changes what is known of one.
import { useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { type Form, useForm } from '#console/web/src/form/use-form.ts';
import { timeZone } from '#console/web/src/text/time.ts';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextArea, TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { changesOf, draftOf, newSite, SITE_FIELDS, type SiteDraft } from './site-draft.ts';
import { type SiteRow, useCustomers } from './sites-data.ts';
import { t } from './text.ts';
import { ZoneField } from './zone-field.tsx';

interface SiteDialogProps {
  /** The one that is changed; a new one without it. */
  site?: SiteRow;
  /** Of a new one: whose it is, as far as that is known. */
  customerName?: string | undefined;
  onClose: () => void;
  onSaved?: (site: SiteRow) => void;
}

/** Mount it to open it. */
export function SiteDialog({ site, customerName = '', onClose, onSaved }: SiteDialogProps) {
  const form = useSiteForm({ ...(site && { site }), customerName, onClose, ...(onSaved && { onSaved }) });
  return (
    <Dialog
      isOpen
      size="large"
      title={site === undefined ? t('addSite') : t('editSite', { site: site.name })}
      onClose={onClose}
      onSubmit={form.submit}
      isHeld={form.isBusy}
      footer={
        <SaveFooter verb={site === undefined ? t('addSite') : t('save')} isBusy={form.isBusy} onClose={onClose} />
      }
    >
      <SiteFields form={form} isNew={site === undefined} />
      <FormFault text={form.fault} />
    </Dialog>
  );
}

function useSiteForm({ site, customerName = '', onClose, onSaved }: SiteDialogProps): Form<SiteDraft> {
  const queries = useQueryClient();
  return useForm({
    initial: site === undefined ? newSite(customerName, timeZone) : draftOf(site),
    fields: SITE_FIELDS,
    check: (draft): Record<string, string> => (draft.name.trim() === '' ? { name: t('nameMissing') } : {}),
    save: ({ customerId: _id, ...draft }) => {
      if (site !== undefined)
        return api.sites.update({ id: site.id, ...changesOf(site, { ...draft, customerId: _id }) });
      const { customerName: owner, ...fields } = draft;
      return api.sites.create({ ...fields, ...(owner.trim() === '' ? {} : { customerName: owner }) });
    },
    onSaved: (saved) => {
      toast.say(t(site === undefined ? 'siteAdded' : 'siteSaved', { site: saved.name }));
      for (const key of ['sites', 'customers', 'overview']) void queries.invalidateQueries({ queryKey: [key] });
      onClose();
      onSaved?.(saved);
    },
  });
}

function SiteFields({ form, isNew }: { form: Form<SiteDraft>; isNew: boolean }) {
  const { draft, change, errorOf } = form;
  const contact = (patch: Partial<SiteDraft['contact']>) => change({ contact: { ...draft.contact, ...patch } });
  return (
    <div className="form-grid">
      <TextField label={t('name')} value={draft.name} error={errorOf('name')} onText={(name) => change({ name })} />
      {isNew ? <NewCustomer form={form} /> : <ChosenCustomer form={form} />}
      <ZoneField zone={draft.timeZone} error={errorOf('timeZone')} onChoose={(zone) => change({ timeZone: zone })} />
      <TextField
        label={t('contactName')}
        value={draft.contact.name}
        error={errorOf('contact.name')}
        onText={(name) => contact({ name })}
      />
      <TextField
        label={t('contactEmail')}
        type="email"
        value={draft.contact.email}
        error={errorOf('contact.email')}
        onText={(email) => contact({ email })}
      />
      <TextField
        label={t('contactPhone')}
        type="tel"
        value={draft.contact.phone}
        error={errorOf('contact.phone')}
        onText={(phone) => contact({ phone })}
      />
      <TextArea
        label={t('address')}
        value={draft.address}
        error={errorOf('address')}
        onText={(address) => change({ address })}
      />
      <TextArea label={t('notes')} value={draft.notes} error={errorOf('notes')} onText={(notes) => change({ notes })} />
    </div>
  );
}

/** Chosen from those there are, or new by its name. */
function NewCustomer({ form: { draft, change, errorOf } }: { form: Form<SiteDraft> }) {
  const listId = useId();
  const customers = useCustomers().data ?? [];
  const typed = draft.customerName.trim();
  const isKnown = customers.some(({ name }) => name === typed);
  return (
    <>
      <TextField
        label={t('customer')}
        value={draft.customerName}
        list={listId}
        hint={typed === '' ? t('customerEmpty') : isKnown ? '' : t('customerNew')}
        error={errorOf('customerName')}
        onText={(customerName) => change({ customerName })}
      />
      <datalist id={listId}>
        {customers.map(({ id, name }) => (
          <option key={id} value={name} />
        ))}
      </datalist>
    </>
  );
}

function ChosenCustomer({ form: { draft, change, errorOf } }: { form: Form<SiteDraft> }) {
  const customers = useCustomers().data ?? [{ id: draft.customerId, name: draft.customerName }];
  return (
    <Select
      label={t('customer')}
      options={customers.map(({ id, name }) => ({ value: id, label: name }))}
      value={draft.customerId}
      error={errorOf('customerId')}
      onChoose={(customerId) => change({ customerId })}
    />
  );
}
