// The name of a device, and the field it becomes to be renamed in place.
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { faultText, fieldFaults } from '#console/web/src/api/fault.ts';
import { fieldText } from '#console/web/src/api/field-text.ts';
import { Button, IconButton } from '#console/web/src/ui/button.tsx';
import { t } from './text.ts';
import type { Update } from './use-update.ts';

export function DeviceName({ name, update }: { name: string; update: Update }) {
  const [isEditing, setIsEditing] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const end = () => {
    setIsEditing(false);
    // The field is gone with the focus in it: it goes back to where it came from.
    requestAnimationFrame(() => opener.current?.focus());
  };
  if (isEditing) return <NameForm name={name} update={update} onEnd={end} />;
  return (
    <>
      <h1 className="m-0 line-clamp-2 min-w-0 text-xl font-semibold break-all" title={name}>
        {name}
      </h1>
      <IconButton
        ref={opener}
        isSmall
        icon="edit"
        needs="device.write"
        label={t('rename')}
        onClick={() => setIsEditing(true)}
      />
    </>
  );
}

function NameForm({ name, update, onEnd }: { name: string; update: Update; onEnd: () => void }) {
  const [typed, setTyped] = useState(name);
  const [fault, setFault] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const next = typed.trim();
    if (next === name || next === '') return onEnd();
    setIsBusy(true);
    try {
      await update.save({ name: next });
      onEnd();
    } catch (error) {
      const [first] = fieldFaults(error);
      setFault(first === undefined ? faultText(error) : fieldText(first.message));
      setIsBusy(false);
    }
  };
  return (
    <form className="flex min-w-0 grow flex-wrap items-center gap-2" onSubmit={(event) => void save(event)}>
      {/* The page keeps its heading while its name is a field. */}
      <h1 className="sr-only">{name}</h1>
      <input
        ref={field}
        className="field max-w-md grow"
        aria-label={t('name')}
        aria-invalid={fault === '' ? undefined : true}
        aria-describedby={fault === '' ? undefined : 'rename-fault'}
        maxLength={253}
        value={typed}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onEnd()}
      />
      <Button kind="primary" type="submit" isBusy={isBusy}>
        {t('save')}
      </Button>
      <Button onClick={onEnd}>{t('cancel')}</Button>
      {fault !== '' && (
        <p id="rename-fault" role="alert" className="m-0 w-full text-xs text-down">
          {fault}
        </p>
      )}
    </form>
  );
}
