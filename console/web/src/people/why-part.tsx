// Why a person may do something, or may not: the rule that decides, and every right that was looked at.
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useId, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { Part } from '#console/web/src/profile/part.tsx';
import { sentenceOfVerb } from '#console/web/src/rights/verb-sentences.ts';
import { en as verbs } from '#console/web/src/rights/verbs/text.en.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { Icon } from '#console/web/src/ui/icon.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { overOfGrant, whatText, whenText } from './grant-words.ts';
import type { Person } from './people-data.ts';
import { t } from './text.ts';
import { parseWhySearch } from './why-search.ts';

const route = getRouteApi('/shell/people/$id');
const VERBS = Object.keys(verbs);

export function WhyPart({ person }: { person: Person }) {
  const search = route.useSearch();
  const navigate = useNavigate();
  const [verb, setVerb] = useState(search.verb ?? '');
  const [thing, setThing] = useState(search.thing ?? '');
  const listId = useId();
  const ask = (event: FormEvent) => {
    event.preventDefault();
    void navigate({
      to: '/people/$id',
      params: { id: person.id },
      search: parseWhySearch({ verb, thing }),
      replace: true,
      resetScroll: false,
    });
  };
  return (
    <Part title={t('why')} note={t('whyBody')}>
      <form noValidate onSubmit={ask}>
        <div className="form-grid max-w-2xl">
          <TextField
            label={t('verb')}
            hint={t('verbHint')}
            list={listId}
            isCode
            autoCapitalize="off"
            spellCheck={false}
            maxLength={60}
            value={verb}
            onText={setVerb}
          />
          <TextField
            label={t('thing')}
            hint={t('thingHint')}
            spellCheck={false}
            maxLength={300}
            value={thing}
            onText={setThing}
          />
        </div>
        <datalist id={listId}>
          {VERBS.map((one) => (
            <option key={one} value={one}>
              {sentenceOfVerb(one)}
            </option>
          ))}
        </datalist>
        <div className="mt-3">
          <Button type="submit" disabled={verb.trim() === ''}>
            {t('ask')}
          </Button>
        </div>
      </form>
      {search.verb !== undefined && <Answer person={person} verb={search.verb} thing={search.thing} />}
    </Part>
  );
}

function Answer({ person, verb, thing }: { person: Person; verb: string; thing: string | undefined }) {
  const read = useQuery({
    queryKey: ['people', person.id, 'why', verb, thing ?? ''],
    queryFn: ({ signal }) =>
      api.people.why({ id: person.id, verb, ...(thing !== undefined && { resource: thing }) }, { signal }),
    retry: false,
  });
  if (read.isPending) return <SkeletonBlock className="mt-3 h-20" />;
  if (read.isError)
    return (
      <div className="mt-3">
        <FaultNote what={t('whyNotRead')} error={read.error} onRetry={() => void read.refetch()} />
      </div>
    );
  const { allowed, text, considered } = read.data;
  return (
    <div className="mt-3 border-t border-line pt-3">
      <p role="status" className="m-0 flex items-center gap-2 font-medium">
        <Icon name={allowed ? 'check' : 'close'} className={allowed ? 'text-up' : 'text-down'} />
        {t(allowed ? 'isAllowed' : 'isRefused', { name: person.name })}
      </p>
      <p lang="en" className="mt-1 mb-0 max-w-prose wrap-anywhere">
        {text}
      </p>
      {considered.length > 0 && (
        <>
          <h3 className="mt-3 mb-1 text-xs font-medium text-muted">{t('consideredTitle')}</h3>
          <ul className="m-0 grid list-none gap-2 p-0">
            {considered.map(({ grant, counts, text: said }) => (
              <li key={grant.id} className="wrap-anywhere">
                <span className="flex flex-wrap items-center gap-2">
                  <Tag text={t(counts ? 'counts' : 'countsNot')} tone={counts ? 'accent' : 'plain'} />
                  {grant.effect === 'deny' && <Tag text={t('deny')} tone="down" icon="close" />}
                  <span className="font-medium">{whatText(grant)}</span>
                  <span className="text-muted">
                    {overOfGrant(grant)}, {whenText(grant)}
                  </span>
                </span>
                <span lang="en" className="text-xs text-muted">
                  {said}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
