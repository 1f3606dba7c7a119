// Drafts a local route, or changes one: whom a relay mails by itself while the console is away.
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { type Form, useForm } from '#console/web/src/form/use-form.ts';
import { Select } from '#console/web/src/ui/select.tsx';
import { Sheet } from '#console/web/src/ui/sheet.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { inert } from '#shared/base/inert-text.ts';
import { SEVERITIES, type Severity } from '#shared/model/alert-words.ts';
import type { PartWish } from '#shared/model/watch-part.ts';
import type { LocalRoute } from '#shared/model/watch-policy.ts';
import { severityText } from './check-words.ts';
import { CustomerField } from './customer-field.tsx';
import { type RoutePart, useStalePolicies } from './policy-data.ts';
import { EVERY_CUSTOMER, savePart } from './save-part.ts';
import { t } from './text.ts';

const SECURITIES = ['starttls', 'tls', 'none'] as const;
const FIELDS = ['name', 'host', 'port', 'from', 'to', 'after', 'credential'];
const MINUTE_MS = 60_000;
const MAX_AFTER = 1_440;

interface RouteForm {
  customer: string;
  name: string;
  host: string;
  port: string;
  security: (typeof SECURITIES)[number];
  from: string;
  to: string;
  credential: string;
  atLeast: Severity;
  after: string;
}

const formOf = (route: LocalRoute | undefined): RouteForm => ({
  customer: EVERY_CUSTOMER,
  name: route?.name ?? '',
  host: route?.mail.host ?? '',
  port: String(route?.mail.port ?? 587),
  security: route?.mail.security ?? 'starttls',
  from: route?.mail.from ?? '',
  to: (route?.mail.to ?? []).join(', '),
  credential: route?.mail.credential ?? '',
  atLeast: route?.atLeast ?? 'critical',
  after: String((route?.afterMs ?? 300_000) / MINUTE_MS),
});

const addressesOf = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

function check(form: RouteForm): Record<string, string> {
  const [port, after] = [Number(form.port), Number(form.after)];
  return {
    ...(form.name.trim() === '' ? { name: t('noName') } : {}),
    ...(form.host.trim() === '' ? { host: t('noName') } : {}),
    ...(port >= 1 && port <= 65_535 ? {} : { port: t('badPort') }),
    ...(form.from.trim() === '' ? { from: t('noTo') } : {}),
    ...(addressesOf(form.to).length === 0 ? { to: t('noTo') } : {}),
    ...(after >= 0 && after <= MAX_AFTER ? {} : { after: t('badAfter') }),
  };
}

function wishOf(form: RouteForm, former: LocalRoute | undefined): PartWish {
  const { host, port, security, from, to, credential, atLeast, after, name } = form;
  const login = credential.trim() === '' ? {} : { credential: credential.trim() };
  return {
    kind: 'route',
    body: {
      ...{ name: name.trim(), atLeast, afterMs: Math.round(Number(after) * MINUTE_MS) },
      // Sites are named on the command line, and stay.
      ...(former?.sites === undefined ? {} : { sites: former.sites }),
      mail: {
        ...{ host: host.trim(), port: Number(port), security, from: from.trim(), to: addressesOf(to) },
        ...login,
      },
    },
  };
}

/** Mount it to open it; without a part it makes one. */
export function RouteSheet({ part, onClose }: { part?: RoutePart | undefined; onClose: () => void }) {
  const stale = useStalePolicies();
  const form = useForm<RouteForm, string>({
    initial: formOf(part?.body),
    fields: FIELDS,
    check,
    save: (draft) => savePart(wishOf(draft, part?.body), part, draft.customer),
    onSaved: (_id, draft) => {
      toast.say(t('saved', { name: draft.name }));
      void stale();
      onClose();
    },
  });
  const { draft, change, fault, isBusy, submit } = form;
  return (
    <Sheet
      isOpen
      title={part === undefined ? t('newRoute') : inert(part.body.name)}
      onClose={onClose}
      onSubmit={submit}
      isHeld={isBusy}
      footer={<SaveFooter verb={t(part === undefined ? 'add' : 'save')} isBusy={isBusy} onClose={onClose} />}
    >
      {part === undefined && <CustomerField value={draft.customer} onChoose={(customer) => change({ customer })} />}
      <Words {...form} field="name" label={t('name')} />
      <Select
        label={t('atLeast')}
        options={SEVERITIES.map((value) => ({ value, label: severityText(value) }))}
        value={draft.atLeast}
        onChoose={(atLeast) => change({ atLeast })}
      />
      <Words {...form} field="after" label={t('afterMinutes')} />
      <Words {...form} field="host" label={t('host')} />
      <Words {...form} field="port" label={t('port')} />
      <Select
        label={t('security')}
        options={SECURITIES.map((value) => ({ value, label: t(`security_${value}`) }))}
        value={draft.security}
        onChoose={(security) => change({ security })}
      />
      <Words {...form} field="from" label={t('from')} />
      <Words {...form} field="to" label={t('to')} hint={t('toHint')} />
      <Words {...form} field="credential" label={t('credential')} hint={t('credentialHint')} />
      <FormFault text={fault} />
    </Sheet>
  );
}

interface WordsProps extends Form<RouteForm> {
  field: 'name' | 'after' | 'host' | 'port' | 'from' | 'to' | 'credential';
  label: string;
  hint?: string;
}

const Words = ({ draft, change, errorOf, field, label, hint }: WordsProps) => (
  <TextField
    label={label}
    hint={hint}
    value={draft[field]}
    error={errorOf(field)}
    maxLength={field === 'to' ? 2_000 : 254}
    onText={(text) => change({ [field]: text })}
  />
);
