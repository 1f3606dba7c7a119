// One layer: where it stands, and for each check whether it is inherited, set here or off here.
import { getRouteApi, Link } from '@tanstack/react-router';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { type Form, useForm } from '#console/web/src/form/use-form.ts';
import { useMay } from '#console/web/src/rights/may.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { Checkbox } from '#console/web/src/ui/tick.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { inert } from '#shared/base/inert-text.ts';
import { PRESENCES } from '#shared/model/alert-words.ts';
import { LAYER_LEVELS } from '#shared/model/watch-policy.ts';
import { CustomerField } from './customer-field.tsx';
import { LayerChecks } from './layer-checks.tsx';
import { faultsOf, formOf, LAYER_FIELDS, type LayerForm, wishOf } from './layer-form.ts';
import { PlacesField } from './places-field.tsx';
import { isLayer, type LayerPart, usePolicyParts, useStalePolicies } from './policy-data.ts';
import { EVERY_CUSTOMER, savePart } from './save-part.ts';
import { t } from './text.ts';

const route = getRouteApi('/shell/policies/layer');

export function LayerPage() {
  const { id } = route.useSearch();
  const read = usePolicyParts();
  const part = read.data?.filter(isLayer).find(({ body }) => body.id === id);
  const title = part === undefined ? t('newLayer') : inert(part.body.name);
  usePageTitle(title);
  return (
    <>
      <p className="mt-0 mb-1">
        <Link to="/policies" className="link-quiet">
          {t('toList')}
        </Link>
      </p>
      <h1 className="mt-0 mb-4 text-xl font-semibold wrap-anywhere">{title}</h1>
      {read.data === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonRows label={t('reading')} />}
      {read.data !== undefined && id !== undefined && part === undefined && (
        <EmptyState title={t('noLayer')} body={t('layersIntro')} />
      )}
      {read.data !== undefined && (id === undefined || part !== undefined) && (
        <Editing key={`${id ?? ''} ${part?.changedAt ?? 0}`} part={part} />
      )}
    </>
  );
}

function Editing({ part }: { part: LayerPart | undefined }) {
  const stale = useStalePolicies();
  const navigate = route.useNavigate();
  const mayWrite = useMay('policy.write') && part?.isRemoved !== true;
  const form = useForm<LayerForm, string>({
    initial: formOf(part, EVERY_CUSTOMER),
    fields: LAYER_FIELDS,
    check: (draft) => Object.fromEntries(Object.entries(faultsOf(draft)).map(([field, text]) => [field, t(text)])),
    save: (draft) => savePart(wishOf(draft), part, draft.customer),
    onSaved: (id, draft) => {
      toast.say(t('saved', { name: draft.name }));
      void stale();
      void navigate({ search: { id } });
    },
  });
  const { draft, change, fault, isBusy, isChanged, submit } = form;
  return (
    <form
      noValidate
      className="grid max-w-5xl grid-cols-1 gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Head form={form} isNew={part === undefined} />
      <PlacesField level={draft.level} places={draft.places} onChange={(places) => change({ places })} />
      <LayerChecks checks={draft.checks} mayWrite={mayWrite} onChange={(checks) => change({ checks })} />
      <FormFault text={fault} />
      {mayWrite && (
        <div className="order-buttons">
          <Button type="submit" kind="primary" isBusy={isBusy} disabled={!isChanged}>
            {t(part === undefined ? 'add' : 'save')}
          </Button>
        </div>
      )}
    </form>
  );
}

function Head({ form, isNew }: { form: Form<LayerForm>; isNew: boolean }) {
  const { draft, change, errorOf } = form;
  return (
    <div className="grid max-w-3xl gap-3 sm:grid-cols-2">
      <TextField
        label={t('name')}
        value={draft.name}
        maxLength={120}
        error={errorOf('name')}
        onText={(name) => change({ name })}
      />
      {isNew && <CustomerField value={draft.customer} onChoose={(customer) => change({ customer })} />}
      {isNew && (
        <Select
          label={t('level')}
          options={LAYER_LEVELS.map((value) => ({ value, label: t(`level_${value}`) }))}
          value={draft.level}
          onChoose={(level) => change({ level, places: [] })}
        />
      )}
      <TextField
        label={t('priority')}
        hint={t('priorityHint')}
        inputMode="numeric"
        maxLength={4}
        value={draft.priority}
        error={errorOf('priority')}
        onText={(priority) => change({ priority })}
      />
      <Select
        label={t('presence')}
        options={(['inherit', ...PRESENCES] as const).map((value) => ({ value, label: t(`presence_${value}`) }))}
        value={draft.presence}
        onChoose={(presence) => change({ presence })}
      />
      <Checkbox label={t('enforced')} isOn={draft.isEnforced} onChange={(isEnforced) => change({ isEnforced })} />
    </div>
  );
}
