// Which part of the estate: everything, or a customer, site, group, tag or device found by its name.
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { useGroups } from '#console/web/src/form/estate-lists.ts';
import { useSites } from '#console/web/src/shell/estate-scope.ts';
import { Combobox } from '#console/web/src/ui/combobox.tsx';
import { type Option, Select } from '#console/web/src/ui/select.tsx';
import { may } from './may.ts';
import { type ChosenOver, OVER_KINDS, type OverKind } from './over-words.ts';
import { t } from './text.ts';

const READS: Readonly<Record<OverKind, string | undefined>> = {
  everything: undefined,
  customer: 'customer.read',
  site: 'site.read',
  group: 'group.read',
  tag: 'device.read',
  device: 'device.read',
};

interface OverFieldProps {
  chosen: ChosenOver;
  error?: string;
  onChange: (chosen: ChosenOver) => void;
}

export function OverField({ chosen, error = '', onChange }: OverFieldProps) {
  const kinds = OVER_KINDS.filter((kind) => may(READS[kind]));
  return (
    <>
      <Select
        label={t('over')}
        options={kinds.map((kind) => ({ value: kind, label: t(`over_${kind}`) }))}
        value={chosen.kind}
        onChoose={(kind) => onChange({ kind, thing: null })}
      />
      {chosen.kind !== 'everything' && (
        <Thing
          key={chosen.kind}
          kind={chosen.kind}
          thing={chosen.thing}
          error={error}
          onChoose={(thing) => onChange({ kind: chosen.kind, thing })}
        />
      )}
    </>
  );
}

interface ThingProps {
  kind: Exclude<OverKind, 'everything'>;
  thing: Option | null;
  error: string;
  onChoose: (thing: Option | null) => void;
}

function Thing(props: ThingProps) {
  switch (props.kind) {
    case 'customer':
      return <Customer {...props} />;
    case 'site':
      return <Site {...props} />;
    case 'group':
      return <Group {...props} />;
    case 'tag':
      return <TagOf {...props} />;
    case 'device':
      return <Device {...props} />;
  }
}

interface OneOfProps extends ThingProps {
  options: readonly Option[];
  isLoading?: boolean;
  onQuery?: (text: string) => void;
}

const OneOf = ({ thing, error, onChoose, options, isLoading = false, onQuery }: OneOfProps) => (
  <Combobox
    label={t('which')}
    hint={t('whichHint')}
    error={error}
    options={options}
    value={thing}
    isLoading={isLoading}
    onChoose={onChoose}
    {...(onQuery && { onQuery })}
  />
);

const named = ({ id, name }: { id: string; name: string }): Option => ({ value: id, label: name });

function Customer(props: ThingProps) {
  const read = useQuery({
    queryKey: ['customers'],
    queryFn: async ({ signal }) => (await api.customers.list(undefined, { signal })).items,
  });
  return <OneOf {...props} options={(read.data ?? []).map(named)} isLoading={read.isPending} />;
}

function Site(props: ThingProps) {
  const read = useSites();
  const options = (read.data ?? []).map((site) => ({ ...named(site), hint: site.customerName }));
  return <OneOf {...props} options={options} isLoading={read.isPending} />;
}

function Group(props: ThingProps) {
  const read = useGroups();
  return <OneOf {...props} options={(read.data ?? []).map(named)} isLoading={read.isPending} />;
}

function TagOf(props: ThingProps) {
  const read = useQuery({
    queryKey: ['tags'],
    queryFn: async ({ signal }) => (await api.tags.list(undefined, { signal })).items,
  });
  return (
    <OneOf
      {...props}
      options={(read.data ?? []).map(({ tag }) => ({ value: tag, label: tag }))}
      isLoading={read.isPending}
    />
  );
}

/** As many as a list shows at once; who wants another types more of its name. */
const FOUND = 20;

function Device(props: ThingProps) {
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const read = useQuery({
    queryKey: ['search', 'devices', q],
    queryFn: async ({ signal }) => {
      const { hits } = await api.system.search({ q, limit: FOUND }, { signal });
      return hits.filter(({ kind }) => kind === 'device');
    },
    enabled: q !== '',
    placeholderData: (former) => former,
    retry: false,
  });
  const options = q === '' ? [] : (read.data ?? []).map((hit) => ({ ...named(hit), hint: hit.place ?? '' }));
  return <OneOf {...props} options={options} isLoading={read.isFetching} onQuery={setText} />;
}
