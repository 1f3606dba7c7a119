// The filters of the trail: typed, then applied as a whole, and kept in the URL.
import { type FormEvent, useEffect, useState } from 'react';
import { Button } from '#console/web/src/ui/button.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { useIsNarrow } from '#console/web/src/ui/use-media.ts';
import { actorText } from './actor-words.ts';
import { type AuditSearch, isNarrowed, OUTCOMES, parseAuditSearch } from './audit-search.ts';
import { t } from './text.ts';

interface FiltersProps {
  search: AuditSearch;
  names: ReadonlyMap<string, string>;
  onSearch: (search: AuditSearch) => void;
}

const ANY = 'any';
const KINDS = [
  ['system:*', 'actor_system'],
  ['relay:*', 'actor_relay'],
  ['token:*', 'actor_token'],
  ['anonymous', 'actor_anonymous'],
] as const;

function actorOptions(names: FiltersProps['names'], chosen: string | undefined) {
  const options = [
    { value: ANY, label: t('anybody') },
    ...[...names].map(([id, name]) => ({ value: `person:${id}`, label: name })),
    ...KINDS.map(([value, key]) => ({ value, label: t(key) })),
  ];
  // One from a link stays in the list, or the form would change it.
  const isKnown = chosen === undefined || options.some(({ value }) => value === chosen);
  return isKnown ? options : [...options, { value: chosen, label: actorText(chosen, names) }];
}

export function AuditFilters({ search, names, onSearch }: FiltersProps) {
  const isNarrow = useIsNarrow();
  const [draft, setDraft] = useState(search);
  useEffect(() => setDraft(search), [search]);
  /** A list is chosen from, and counts at once; what is typed counts when one is done. */
  const put = (patch: Partial<Record<keyof AuditSearch, unknown>>, isApplied = false) => {
    const next = { ...draft, ...patch };
    const parsed = parseAuditSearch(next);
    // Half a word stays as it is typed.
    setDraft({ ...parsed, ...(next as AuditSearch) }); // texts of the fields above, which are texts
    if (isApplied) onSearch(parsed);
  };
  const apply = (event: FormEvent) => {
    event.preventDefault();
    onSearch(parseAuditSearch({ ...draft }));
  };
  const form = (
    <form noValidate aria-label={t('filters')} className="p-3" onSubmit={apply}>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(14.5rem,100%),1fr))] gap-3">
        <Select
          label={t('actor')}
          options={actorOptions(names, draft.actor)}
          value={draft.actor ?? ANY}
          onChoose={(actor) => put({ actor: actor === ANY ? undefined : actor }, true)}
        />
        <TextField
          label={t('verb')}
          hint={t('verbHint')}
          isCode
          autoCapitalize="off"
          spellCheck={false}
          maxLength={200}
          value={draft.verb ?? ''}
          onText={(verb) => put({ verb })}
        />
        <TextField
          label={t('resource')}
          hint={t('resourceHint')}
          isCode
          autoCapitalize="off"
          spellCheck={false}
          maxLength={200}
          value={draft.resource ?? ''}
          onText={(resource) => put({ resource })}
        />
        <Select
          label={t('outcome')}
          options={[
            { value: ANY, label: t('anyOutcome') },
            ...OUTCOMES.map((one) => ({ value: one, label: t(`outcome_${one}`) })),
          ]}
          value={draft.outcome ?? ANY}
          onChoose={(outcome) => put({ outcome: outcome === ANY ? undefined : outcome }, true)}
        />
        <TextField
          label={t('from')}
          type="datetime-local"
          value={draft.since ?? ''}
          onText={(since) => put({ since })}
        />
        <TextField
          label={t('until')}
          type="datetime-local"
          value={draft.until ?? ''}
          onText={(until) => put({ until })}
        />
        <div className="flex flex-wrap gap-2 self-end">
          <Button type="submit" icon="filter">
            {t('apply')}
          </Button>
          {isNarrowed(search) && (
            <Button kind="quiet" icon="close" onClick={() => onSearch({})}>
              {t('showAll')}
            </Button>
          )}
        </div>
      </div>
    </form>
  );
  // On a phone they would fill the screen before the first row.
  if (!isNarrow) return <div className="panel mb-3">{form}</div>;
  return (
    <details className="panel mb-3" open={isNarrowed(search)}>
      <summary className="flex min-h-11 cursor-pointer items-center gap-2 px-3">
        <span className="fold-arrow" aria-hidden="true" />
        {t('filters')}
      </summary>
      {form}
    </details>
  );
}
