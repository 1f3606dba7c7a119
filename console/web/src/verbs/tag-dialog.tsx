// Tags of the chosen devices: what all have is ticked, what some have is half ticked, and a new one is typed.
import { useMemo, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { tagsOf } from '#console/web/src/fleet/fleet-rows.ts';
import { useTags } from '#console/web/src/groups/tags-data.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { changesOf, type Decisions } from './bulk-choice.ts';
import { ChoiceDialog } from './choice-dialog.tsx';
import { knownOf } from './known-of.ts';
import { t } from './text.ts';
import { useVerbRun } from './use-verb-run.ts';
import type { VerbDialogProps } from './verb-dialog.tsx';
import { titleFor } from './verb-title.ts';

/** As the console asks for it. */
const TAG = /^[\p{L}\p{N}][\p{L}\p{N}._/-]{0,39}$/u;

export function TagDialog(props: VerbDialogProps) {
  const { devices } = props.asked;
  const { isBusy, error, run } = useVerbRun(props);
  const had = useMemo(() => knownOf(devices.ids, tagsOf), [devices]);
  const [decisions, setDecisions] = useState<Decisions>(new Map());
  const tags = useTags();
  const known = tags.data?.map(({ tag }) => tag) ?? [];
  const values = [...new Set([...known, ...decisions.keys()])].sort((a, b) => (a < b ? -1 : 1));
  const changes = changesOf(decisions, had);
  const apply = () =>
    run(async () => {
      const { devices: count } = await api.tags.change({ devices: [...devices.ids], ...changes });
      return t('tagged', { count });
    });
  return (
    <ChoiceDialog
      title={titleFor('tags.change', devices)}
      options={values.map((value) => ({ value, label: value }))}
      none={t('noTags')}
      isChanged={changes.add.length + changes.remove.length > 0}
      {...{ had, decisions, isBusy, error }}
      onDecisions={setDecisions}
      onApply={apply}
      onClose={props.onClose}
    >
      <NewTag onTag={(tag) => setDecisions((former) => new Map(former).set(tag, true))} />
    </ChoiceDialog>
  );
}

function NewTag({ onTag }: { onTag: (tag: string) => void }) {
  const [text, setText] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const add = () => {
    const tag = text.trim().toLowerCase();
    setIsWrong(!TAG.test(tag));
    if (!TAG.test(tag)) return;
    onTag(tag);
    setText('');
  };
  return (
    <div className="flex items-start gap-2">
      <div className="grow">
        <TextField
          label={t('newTag')}
          value={text}
          onText={setText}
          maxLength={40}
          autoCapitalize="off"
          hint={isWrong ? '' : t('tagHint')}
          error={isWrong ? t('tagWrong') : ''}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || text.trim() === '') return;
            // Enter in the field adds the tag; only the empty field lets it apply the whole.
            event.preventDefault();
            add();
          }}
        />
      </div>
      {/* Beside the field, below its label. */}
      <span className="mt-5.5">
        <Button onClick={add} disabled={text.trim() === ''}>
          {t('addTag')}
        </Button>
      </span>
    </div>
  );
}
