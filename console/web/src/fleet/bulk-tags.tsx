// Tags of the selected devices: what all have is ticked, what some have is half ticked, and a new one is typed.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { changesOf, type Decisions, hadOf } from './bulk-choice.ts';
import { ChoiceDialog } from './choice-dialog.tsx';
import { fleet } from './fleet.ts';
import { tagsOf } from './fleet-rows.ts';
import { t } from './text.ts';

/** As the console asks for it. */
const TAG = /^[\p{L}\p{N}][\p{L}\p{N}._/-]{0,39}$/u;

export function BulkTags({ ids, onClose }: { ids: readonly string[]; onClose: () => void }) {
  const had = useMemo(() => hadOf(ids.map((id) => tagsOf(fleet.rows, fleet.rowOf(id) ?? -1))), [ids]);
  const [decisions, setDecisions] = useState<Decisions>(new Map());
  const known = useTags();
  const values = useMemo(() => [...new Set([...known, ...decisions.keys()])].sort(), [known, decisions]);
  const save = useSaveTags(ids, onClose);
  const changes = changesOf(decisions, had);
  return (
    <ChoiceDialog
      title={t('tagsOf', { count: ids.length })}
      options={values.map((value) => ({ value, label: value }))}
      none={t('tagsNone')}
      had={had}
      decisions={decisions}
      onDecisions={setDecisions}
      isChanged={changes.add.length + changes.remove.length > 0}
      isBusy={save.isPending}
      onApply={() => save.mutate(changes)}
      onClose={onClose}
    >
      <NewTag onTag={(tag) => setDecisions((former) => new Map(former).set(tag, true))} />
    </ChoiceDialog>
  );
}

/** All tags of the console; those that the fleet shows stand at once. */
function useTags(): string[] {
  const read = useQuery({
    queryKey: ['tags'],
    queryFn: async ({ signal }) => (await api.tags.list(undefined, { signal })).items,
  });
  return useMemo(() => read.data?.map(({ tag }) => tag) ?? fleet.rows.tagSets.flat(), [read.data]);
}

function useSaveTags(ids: readonly string[], onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (changes: { add: string[]; remove: string[] }) => api.tags.change({ devices: [...ids], ...changes }),
    onSuccess: ({ devices }) => {
      toast.say(t('tagsDone', { count: devices }));
      for (const key of ['fleet', 'tags']) void queries.invalidateQueries({ queryKey: [key] });
      onDone();
    },
    onError: (error) => toast.fault(error, t('tagsFault')),
  });
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
          label={t('tagNew')}
          value={text}
          onText={setText}
          maxLength={40}
          autoCapitalize="off"
          hint={isWrong ? '' : t('tagNewHint')}
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
          {t('tagAdd')}
        </Button>
      </span>
    </div>
  );
}
