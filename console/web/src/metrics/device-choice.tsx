// Which devices stand in the chart: each found by what it is, or all of a site, a group or a tag at once.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { type Hit, useHits } from '#console/web/src/palette/use-hits.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Combobox } from '#console/web/src/ui/combobox.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { filterOf, isAddable } from './added-devices.ts';
import { MAX_DEVICES } from './explorer-search.ts';
import { useChosen } from './metrics-data.ts';
import { t } from './text.ts';

interface DeviceChoiceProps {
  ids: readonly string[];
  onChange: (ids: readonly string[]) => void;
}

export function DeviceChoice({ ids, onChange }: DeviceChoiceProps) {
  const names = useChosen(ids).data;
  return (
    <div className="grid grid-cols-1 gap-1.5">
      <DeviceSearch ids={ids} onChange={onChange} />
      {ids.length > 0 && (
        <div className="flex flex-wrap items-center gap-1.5">
          {ids.map((id) => (
            <Tag
              key={id}
              text={names === undefined ? '…' : (names.get(id)?.name ?? t('goneDevice'))}
              onRemove={() => onChange(ids.filter((one) => one !== id))}
            />
          ))}
          <Button isSmall kind="quiet" onClick={() => onChange([])}>
            {t('clear')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** The ids that a hit stands for, as many as there is room for. */
async function idsOfHit(hit: Hit, ids: readonly string[]): Promise<string[]> {
  if (hit.kind === 'device') return [hit.id];
  const { items } = await api.devices.list({ q: filterOf(hit), limit: MAX_DEVICES + ids.length, names: 'none' });
  return items.map(({ id }) => id);
}

function DeviceSearch({ ids, onChange }: DeviceChoiceProps) {
  const [text, setText] = useState('');
  const { hits, isWaiting } = useHits(text);
  const adding = useMutation({
    mutationFn: (hit: Hit) => idsOfHit(hit, ids),
    onSuccess: (found) => {
      const fresh = found.filter((id) => !ids.includes(id));
      const added = fresh.slice(0, MAX_DEVICES - ids.length);
      if (added.length < fresh.length) toast.say(t('cut', { count: added.length }));
      onChange([...ids, ...added]);
      setText('');
    },
    onError: (error) => toast.fault(error, t('addFault')),
  });
  const addable = hits.filter((hit) => isAddable(hit) && !ids.includes(hit.id));
  const isFull = ids.length >= MAX_DEVICES;
  return (
    <Combobox
      label={t('addDevice')}
      placeholder={t('findDevice')}
      hint={isFull ? t('full', { count: MAX_DEVICES }) : ''}
      options={addable.map((hit) => ({ value: `${hit.kind} ${hit.id}`, label: hit.name, hint: hintOf(hit) }))}
      value={null}
      isDisabled={isFull}
      isLoading={isWaiting}
      onQuery={setText}
      onChoose={(option) => {
        const hit = addable.find(({ kind, id }) => `${kind} ${id}` === option?.value);
        if (hit !== undefined) adding.mutate(hit);
      }}
    />
  );
}

function hintOf({ kind, place }: Hit): string {
  if (kind === 'device') return t('kind_device', { place: place ?? '' });
  return t(kind === 'site' ? 'kind_site' : kind === 'group' ? 'kind_group' : 'kind_tag');
}
