// Saved views: choose one, keep the one in sight, forget one's own.
import { useEffect, useState } from 'react';
import { faultText } from '#console/web/src/api/fault.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { Menu, type MenuItem } from '#console/web/src/ui/menu.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { Checkbox } from '#console/web/src/ui/tick.tsx';
import type { FleetPatch, FleetSearch } from './fleet-search.ts';
import { t } from './text.ts';
import { isAsSaved, keptSearch, useForgetView, useSaveView, useViews, type View } from './use-views.ts';

interface ViewsProps {
  search: FleetSearch;
  /** Of the filter: what is typed may not have reached the URL yet. */
  text: string;
  onChange: (patch: FleetPatch) => void;
}

/** Every member, so that those which the view does not have leave the URL. */
const wholePatch = ({ id, search }: View): FleetPatch => ({
  q: search.q,
  sort: search.sort,
  columns: search.columns,
  density: search.density,
  view: id,
});

export function ViewsMenu({ search, text, onChange }: ViewsProps) {
  const views = useViews().data ?? [];
  const [isSaving, setIsSaving] = useState(false);
  const forget = useForgetView();
  const chosen = views.find(({ id }) => id === search.view);
  useOpenedByLink(chosen, search, onChange);
  const shown = { ...search, ...(text === '' ? {} : { q: text }) };
  const label =
    chosen === undefined ? t('views') : t(isAsSaved(chosen, shown) ? 'view' : 'viewChanged', { name: chosen.name });
  const choose = (view: View): MenuItem => ({
    key: view.id,
    text: view.name,
    isChecked: view.id === search.view,
    onSelect: () => onChange(wholePatch(view)),
  });
  const items: MenuItem[] = [
    ...views.filter(({ isOwn }) => isOwn).map(choose),
    ...views.filter(({ isOwn }) => !isOwn).map((view, place) => ({ ...choose(view), isFirstOfGroup: place === 0 })),
    {
      key: 'save',
      text: t('viewSave'),
      icon: 'plus',
      needs: 'view.write',
      isFirstOfGroup: views.length > 0,
      onSelect: () => setIsSaving(true),
    },
  ];
  if (chosen?.isOwn === true)
    items.push({
      key: 'forget',
      text: t('viewForget', { name: chosen.name }),
      icon: 'trash',
      needs: 'view.write',
      onSelect: () => forget.mutate(chosen, { onSuccess: () => onChange({ view: undefined }) }),
    });
  return (
    <>
      <Menu button={{ text: label }} items={items} isAtEnd />
      {isSaving && (
        <SaveDialog
          search={shown}
          onClose={() => setIsSaving(false)}
          onSaved={(id) => {
            setIsSaving(false);
            onChange({ view: id });
          }}
        />
      )}
    </>
  );
}

/** A link that names a view alone means what the view says. */
function useOpenedByLink(view: View | undefined, search: FleetSearch, onChange: (patch: FleetPatch) => void): void {
  const isBare = Object.keys(keptSearch(search)).length === 0;
  const [isOpened, setIsOpened] = useState(!isBare || search.view === undefined);
  useEffect(() => {
    if (isOpened || view === undefined) return;
    setIsOpened(true);
    onChange(wholePatch(view));
  }, [isOpened, view, onChange]);
}

interface SaveProps {
  search: FleetSearch;
  onClose: () => void;
  onSaved: (id: string) => void;
}

function SaveDialog({ search, onClose, onSaved }: SaveProps) {
  const [name, setName] = useState('');
  const [isShared, setIsShared] = useState(false);
  const save = useSaveView(onSaved);
  const submit = () => name.trim() !== '' && save.mutate({ name: name.trim(), isShared, search });
  return (
    <Dialog
      isOpen
      size="small"
      title={t('viewSave')}
      onClose={onClose}
      onSubmit={submit}
      isHeld={save.isPending}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button kind="primary" type="submit" isBusy={save.isPending} disabled={name.trim() === ''}>
            {t('save')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('viewName')}
        value={name}
        onText={setName}
        maxLength={80}
        autoFocus
        error={save.isError ? `${t('viewFault')} ${faultText(save.error)}` : ''}
      />
      <Checkbox label={t('viewShare')} isOn={isShared} onChange={setIsShared} />
    </Dialog>
  );
}
