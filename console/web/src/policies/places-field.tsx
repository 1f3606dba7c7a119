// Where a layer stands: sites or groups that are ticked, or devices found by what they are.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { exactApi } from '#console/web/src/api/api.ts';
import { useGroups } from '#console/web/src/form/estate-lists.ts';
import { PickMany } from '#console/web/src/form/pick-many.tsx';
import { useHits } from '#console/web/src/palette/use-hits.ts';
import { useSites } from '#console/web/src/shell/estate-scope.ts';
import { Combobox } from '#console/web/src/ui/combobox.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { inert } from '#shared/base/inert-text.ts';
import type { WatchLayer } from '#shared/model/watch-policy.ts';
import { t } from './text.ts';

interface PlacesFieldProps {
  level: WatchLayer['level'];
  places: readonly string[];
  onChange: (places: string[]) => void;
}

export function PlacesField({ level, places, onChange }: PlacesFieldProps) {
  const sites = useSites().data ?? [];
  const groups = useGroups().data ?? [];
  if (level === 'customer') return <p className="m-0 text-muted">{t('customerPlace')}</p>;
  if (level === 'device') return <DevicePlaces places={places} onChange={onChange} />;
  const options = (level === 'site' ? sites : groups).map(({ id, name }) => ({ value: id as string, label: name }));
  return (
    <div className="max-w-3xl">
      <PickMany label={t('places')} options={options} chosen={places} onChange={onChange} />
      <p className="m-0 text-muted">{t('placesHint')}</p>
    </div>
  );
}

/** A device found by its name, address or serial. */
export function DeviceSearch({
  label,
  onChoose,
}: {
  label: string;
  onChoose: (device: { id: string; name: string }) => void;
}) {
  const [text, setText] = useState('');
  const { hits, isWaiting } = useHits(text);
  const devices = hits.filter(({ kind }) => kind === 'device');
  return (
    <Combobox
      label={label}
      placeholder={t('findDevice')}
      options={devices.map(({ id, name }) => ({ value: id, label: name }))}
      value={null}
      isLoading={isWaiting}
      onQuery={setText}
      onChoose={(option) => {
        if (option !== null) onChoose({ id: option.value, name: option.label });
      }}
    />
  );
}

function DevicePlaces({ places, onChange }: Omit<PlacesFieldProps, 'level'>) {
  const names = useQuery({
    queryKey: ['targets', 'names', ...places],
    enabled: places.length > 0,
    retry: false,
    queryFn: async ({ signal }) =>
      new Map<string, string>(
        (await exactApi.devices.targets({ devices: [...places] }, { signal })).targets.map(({ id, name }) => [
          id,
          name,
        ]),
      ),
  }).data;
  return (
    <div className="grid max-w-3xl gap-1.5">
      <DeviceSearch label={t('devicesAdded')} onChoose={({ id }) => onChange([...new Set([...places, id])])} />
      <div className="flex flex-wrap gap-1.5">
        {places.map((id) => (
          <Tag
            key={id}
            text={inert(names?.get(id) ?? id)}
            onRemove={() => onChange(places.filter((one) => one !== id))}
          />
        ))}
      </div>
      <p className="m-0 text-muted">{t('placesHint')}</p>
    </div>
  );
}
