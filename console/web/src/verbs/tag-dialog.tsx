// Tags on devices: one to put on or to take off, with those that exist as suggestions.
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { t } from './text.ts';
import { useVerbRun } from './use-verb-run.ts';
import type { VerbDialogProps } from './verb-dialog.tsx';
import { titleFor } from './verb-title.ts';

export function TagDialog(props: VerbDialogProps) {
  const { devices } = props.asked;
  const { isBusy, error, run } = useVerbRun(props);
  const [tag, setTag] = useState('');
  const suggestions = useId();
  const tags = useQuery({ queryKey: ['tags'], queryFn: ({ signal }) => api.tags.list(undefined, { signal }) });
  const change = (kind: 'add' | 'remove') =>
    run(async () => {
      const { devices: count } = await api.tags.change({ devices: [...devices.ids], [kind]: [tag.trim()] });
      return t('tagged', { count });
    });
  const isEmpty = tag.trim() === '';
  return (
    <Dialog
      isOpen
      size="small"
      title={titleFor('tags.change', devices)}
      onClose={props.onClose}
      isHeld={isBusy}
      onSubmit={() => !isEmpty && change('add')}
      footer={
        <>
          <Button disabled={isEmpty || isBusy} onClick={() => change('remove')}>
            {t('removeTag')}
          </Button>
          <Button kind="primary" type="submit" disabled={isEmpty} isBusy={isBusy}>
            {t('addTag')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('tag')}
        hint={t('tagHint')}
        value={tag}
        onText={setTag}
        error={error}
        list={suggestions}
        autoCapitalize="off"
      />
      <datalist id={suggestions}>
        {tags.data?.items.map((one) => (
          <option key={one.tag} value={one.tag} />
        ))}
      </datalist>
    </Dialog>
  );
}
