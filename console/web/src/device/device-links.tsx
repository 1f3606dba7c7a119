// Pages about a device elsewhere: its management card, its contract. They open without telling where one came from.
import { type FormEvent, useState } from 'react';
import { faultsOf, NO_FAULTS } from '#console/web/src/form/form-faults.ts';
import { Button, IconButton } from '#console/web/src/ui/button.tsx';
import { Icon } from '#console/web/src/ui/icon.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import type { DeviceData } from './device-data.ts';
import { safeLink } from './safe-link.ts';
import { t } from './text.ts';
import type { Update } from './use-update.ts';

type Links = DeviceData['links'];

export function DeviceLinks({ links, update }: { links: Links; update: Update }) {
  const [isAdding, setIsAdding] = useState(false);
  const remove = async (label: string, rest: Links) => {
    if (!(await update.trySave({ links: rest }, t('linkNotRemoved')))) return;
    toast.say(t('linkRemoved', { label }), { onUndo: () => void update.trySave({ links }, t('linkNotAdded')) });
  };
  return (
    <>
      {links.length === 0 && !isAdding && <p className="mt-0 mb-2 text-muted">{t('noLinks')}</p>}
      <ul className="m-0 mb-2 grid list-none gap-1 p-0">
        {links.map(({ label, url }, index) => (
          <li key={`${url} ${label}`} className="flex min-w-0 items-center gap-2">
            <LinkTo label={label} url={url} />
            <IconButton
              isSmall
              icon="close"
              needs="device.write"
              label={t('removeLink', { label })}
              onClick={() =>
                void remove(
                  label,
                  links.filter((_, place) => place !== index),
                )
              }
            />
          </li>
        ))}
      </ul>
      {isAdding ? (
        <AddLink links={links} update={update} onEnd={() => setIsAdding(false)} />
      ) : (
        <Button isSmall icon="plus" needs="device.write" onClick={() => setIsAdding(true)}>
          {t('addLink')}
        </Button>
      )}
    </>
  );
}

function LinkTo({ label, url }: { label: string; url: string }) {
  const safe = safeLink(url);
  if (safe === undefined) return <span className="min-w-0 wrap-anywhere">{label}</span>;
  return (
    <a href={safe.href} rel="noreferrer" target="_blank" className="inline-flex min-w-0 items-center gap-1.5">
      <Icon name="external" className="size-3.5" />
      <span className="min-w-0 wrap-anywhere">{label}</span>
      <span className="text-xs text-muted">{safe.host}</span>
    </a>
  );
}

function AddLink({ links, update, onEnd }: { links: Links; update: Update; onEnd: () => void }) {
  const [label, setLabel] = useState('');
  const [url, setUrl] = useState('https://');
  const [faults, setFaults] = useState(NO_FAULTS);
  const place = links.length;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (safeLink(url) === undefined) return setFaults({ byField: { url: t('linkRule') }, rest: '' });
    try {
      await update.save({ links: [...links, { label: label.trim(), url: url.trim() }] });
      onEnd();
    } catch (error) {
      const { byField, rest } = faultsOf(error, [`links[${place}].label`, `links[${place}].url`, 'links']);
      const of = (name: string) => byField[`links[${place}].${name}`] ?? byField[`links.${place}.${name}`] ?? '';
      setFaults({ byField: { label: of('label'), url: of('url') || (byField['links'] ?? '') }, rest });
    }
  };
  return (
    <form className="grid max-w-lg gap-2" onSubmit={(event) => void save(event)}>
      <TextField
        autoFocus
        label={t('linkLabel')}
        value={label}
        maxLength={80}
        error={faults.byField['label']}
        onText={setLabel}
      />
      <TextField isCode label={t('linkUrl')} value={url} error={faults.byField['url']} onText={setUrl} />
      {faults.rest !== '' && (
        <p role="alert" className="m-0 text-xs text-down">
          {faults.rest}
        </p>
      )}
      <div className="flex gap-2">
        <Button kind="primary" type="submit" disabled={label.trim() === ''}>
          {t('save')}
        </Button>
        <Button onClick={onEnd}>{t('cancel')}</Button>
      </div>
    </form>
  );
}
