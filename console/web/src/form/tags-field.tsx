// Tags as one types them: Enter or a comma takes a word in, the cross or the backspace key takes it out.
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useId, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { Field } from '#console/web/src/ui/field.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { withTyped } from './tags-typed.ts';
import { t } from './text.ts';

interface TagsFieldProps {
  label: string;
  hint?: string;
  error?: string;
  tags: readonly string[];
  onChange: (tags: string[]) => void;
}

export function TagsField({ label, hint = t('tagsHint'), error = '', tags, onChange }: TagsFieldProps) {
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState('');
  const listId = useId();
  const known = useKnownTags();
  const take = () => {
    const next = withTyped(tags, typed);
    if (next.tags.length > tags.length) onChange(next.tags);
    setTyped(next.wrong);
    setWrong(next.wrong);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.key === 'Enter' || event.key === ',') && typed.trim() !== '') {
      // Enter in an empty field is the form's own.
      event.preventDefault();
      take();
    } else if (event.key === 'Backspace' && typed === '' && tags.length > 0) onChange(tags.slice(0, -1));
  };
  return (
    <Field label={label} hint={hint} error={wrong === '' ? error : t('tagWrong', { word: wrong })}>
      {(tied) => (
        <div className="grid gap-1.5">
          {tags.length > 0 && (
            <ul className="m-0 flex list-none flex-wrap gap-1 p-0">
              {tags.map((tag) => (
                <li key={tag} className="max-w-full">
                  <Tag text={tag} onRemove={() => onChange(tags.filter((one) => one !== tag))} />
                </li>
              ))}
            </ul>
          )}
          <input
            {...tied}
            className="field"
            value={typed}
            list={listId}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={onKeyDown}
            onBlur={take}
          />
          <datalist id={listId}>
            {known
              .filter((tag) => !tags.includes(tag))
              .map((tag) => (
                <option key={tag} value={tag} />
              ))}
          </datalist>
        </div>
      )}
    </Field>
  );
}

const NONE: string[] = [];

function useKnownTags(): readonly string[] {
  const read = useQuery({
    queryKey: ['tags'],
    queryFn: async ({ signal }) => (await api.tags.list(undefined, { signal })).items,
  });
  return read.data?.map(({ tag }) => tag) ?? NONE;
}
