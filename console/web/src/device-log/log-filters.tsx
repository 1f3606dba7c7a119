// What one narrows a device's events by. Each choice stands in the URL; what is typed gets there when one pauses.
import { useEffect, useState } from 'react';
import { usePaused } from '#console/web/src/groups/use-fitting.ts';
import { fullTime } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Segmented } from '#console/web/src/ui/choice.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { useLogNames } from './log-data.ts';
import { AGOS, type Ago, type Between, codeOf, LEVEL_CHOICES, type LogSearch } from './log-search.ts';
import { t } from './text.ts';

/** An undefined member takes that out of the URL. */
export type LogPatch = { [Key in keyof LogSearch]: LogSearch[Key] | undefined };

interface LogFiltersProps {
  id: string;
  search: LogSearch;
  between: Between | undefined;
  onChange: (patch: LogPatch) => void;
  onAnyTime: () => void;
}

const ALL = 'all';
const isAgo = (word: string): word is Ago => Object.hasOwn(AGOS, word);

export function LogFilters(props: LogFiltersProps) {
  const { search, between, onChange, onAnyTime } = props;
  return (
    <div className="mb-3 grid gap-2">
      <div className="max-w-full overflow-x-auto">
        <Segmented
          label={t('levels')}
          options={[
            { value: ALL, label: t('level_all') },
            ...LEVEL_CHOICES.map((one) => ({ value: one, label: t(`level_${one}`) })),
          ]}
          value={search.level ?? ALL}
          onChoose={(level) => onChange({ level: level === ALL ? undefined : level })}
        />
      </div>
      <div className="log-filters">
        <Chosen {...props} />
        <Typed key={`${search.source ?? ''} ${search.code ?? ''}`} {...props} />
      </div>
      {between !== undefined && (
        <p className="m-0 flex flex-wrap items-center gap-2 text-xs text-muted">
          {t('between', { from: fullTime(between.from), to: fullTime(between.to) })}
          <Button isSmall onClick={onAnyTime}>
            {t('anyOther')}
          </Button>
        </p>
      )}
    </div>
  );
}

function Chosen({ id, search, between, onChange }: LogFiltersProps) {
  const names = useLogNames(id).data ?? [];
  const known = names.map(({ log, entries }) => ({
    value: `log ${log}`,
    label: t('logAndCount', { log, count: entries }),
  }));
  const value = search.log === undefined ? ALL : `log ${search.log}`;
  // One that stands in a link, and of which there is nothing any more.
  const options =
    value === ALL || known.some((one) => one.value === value) ? known : [...known, { value, label: search.log ?? '' }];
  return (
    <>
      <Select
        label={t('log')}
        options={[{ value: ALL, label: t('allLogs') }, ...options]}
        value={value}
        onChoose={(chosen) => onChange({ log: chosen === ALL ? undefined : chosen.slice('log '.length) })}
      />
      <Select
        label={t('when')}
        options={[
          { value: ALL, label: t('anyTime') },
          ...Object.keys(AGOS)
            .filter(isAgo)
            .map((ago) => ({ value: ago, label: t(`ago_${ago}`) })),
        ]}
        value={search.ago ?? ALL}
        disabled={between !== undefined}
        onChoose={(ago) => onChange({ ago: isAgo(ago) ? ago : undefined })}
      />
    </>
  );
}

function Typed({ search, onChange }: LogFiltersProps) {
  const [typed, setTyped] = useState({
    text: search.text ?? '',
    source: search.source ?? '',
    code: search.code === undefined ? '' : String(search.code),
  });
  const paused = usePaused(typed);
  const isCode = typed.code.trim() === '' || codeOf(typed.code) !== undefined;
  useEffect(() => {
    const [text, source, code] = [paused.text.trim(), paused.source.trim(), codeOf(paused.code)];
    onChange({ text: text === '' ? undefined : text, source: source === '' ? undefined : source, code });
  }, [paused, onChange]);
  const say = (patch: Partial<typeof typed>) => setTyped((former) => ({ ...former, ...patch }));
  return (
    <>
      <TextField
        label={t('text')}
        type="search"
        value={typed.text}
        placeholder={t('textHint')}
        onText={(text) => say({ text })}
      />
      <TextField label={t('source')} type="search" value={typed.source} onText={(source) => say({ source })} />
      <TextField
        label={t('code')}
        type="search"
        inputMode="numeric"
        value={typed.code}
        error={isCode ? '' : t('codeRule')}
        onText={(code) => say({ code })}
      />
    </>
  );
}
