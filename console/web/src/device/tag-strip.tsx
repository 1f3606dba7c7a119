// The tags of a device: taken off with a way back, put on with suggestions of those that are known.
import { type FormEvent, useState } from 'react';
import { useMay } from '#console/web/src/rights/may.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Popover } from '#console/web/src/ui/popover.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { useKnownTags } from './device-data.ts';
import { t } from './text.ts';
import type { Update } from './use-update.ts';

/** More suggestions are no help. */
const SUGGESTED = 8;
const TAG = /^[\p{L}\p{N}][\p{L}\p{N}._/-]{0,39}$/u;

export function TagStrip({ tags, update }: { tags: readonly string[]; update: Update }) {
  const mayWrite = useMay('device.write');
  const remove = async (tag: string) => {
    if (!(await update.tag({ remove: [tag] }, t('notUntagged')))) return;
    toast.say(t('untagged', { tag }), { onUndo: () => void update.tag({ add: [tag] }, t('notTagged')) });
  };
  return (
    <div className={`flex min-h-7 flex-wrap items-center gap-1.5 ${tags.length === 0 ? '-ml-2' : ''}`}>
      {tags.map((tag) => (
        <Tag key={tag} text={tag} {...(mayWrite && { onRemove: () => void remove(tag) })} />
      ))}
      {mayWrite && (
        <Popover button={{ text: t('addTag'), icon: 'plus', kind: 'quiet', isSmall: true }}>
          {(close) => <AddTag tags={tags} update={update} onDone={close} />}
        </Popover>
      )}
    </div>
  );
}

function AddTag({ tags, update, onDone }: { tags: readonly string[]; update: Update; onDone: () => void }) {
  const [typed, setTyped] = useState('');
  const [error, setError] = useState('');
  const known = useKnownTags(true).data ?? [];
  const word = typed.trim().toLowerCase();
  const fitting = known
    .filter(({ tag }) => !tags.includes(tag) && tag.includes(word))
    .sort((a, b) => b.devices - a.devices)
    .slice(0, SUGGESTED);
  const add = async (tag: string) => {
    if (!TAG.test(tag)) return setError(t('tagRule'));
    if (await update.tag({ add: [tag] }, t('notTagged'))) onDone();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void add(word);
  };
  return (
    <form className="grid w-60 gap-2" onSubmit={submit}>
      <TextField
        // The one field of what was just opened.
        autoFocus
        label={t('tag')}
        value={typed}
        error={error}
        autoCapitalize="off"
        onText={(text) => {
          setTyped(text);
          setError('');
        }}
      />
      {fitting.length > 0 && (
        <ul aria-label={t('knownTags')} className="m-0 flex list-none flex-wrap gap-1 p-0">
          {fitting.map(({ tag }) => (
            <li key={tag}>
              <Button isSmall onClick={() => void add(tag)}>
                {tag}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <Button kind="primary" type="submit" disabled={word === ''}>
        {t('addThisTag')}
      </Button>
    </form>
  );
}
