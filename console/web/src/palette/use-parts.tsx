// The lines of the palette for what is typed: verbs on things first when a sentence is meant, then things, pages, verbs, settings.
import { operations } from 'virtual:contract-operations';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { may } from '#console/web/src/rights/may.ts';
import { wantAct } from '#console/web/src/shell/page-act.ts';
import { PageIcon } from '#console/web/src/shell/page-icon.tsx';
import { usePages } from '#console/web/src/shell/page-list.ts';
import { type RecentThing, readRecent } from '#console/web/src/shell/recent.ts';
import { t as shellText } from '#console/web/src/shell/text.ts';
import { useOpenThing } from '#console/web/src/shell/thing-link.tsx';
import { useSignOut } from '#console/web/src/shell/use-sign-out.ts';
import { Icon } from '#console/web/src/ui/icon.tsx';
import { askVerb } from '#console/web/src/verbs/ask-verb.ts';
import { t as verbText } from '#console/web/src/verbs/text.ts';
import { verbTitle } from '#console/web/src/verbs/verb-title.ts';
import { VERBS, type Verb, type VerbName } from '#console/web/src/verbs/verbs.ts';
import { fitting, type Sentence, sentenceFor } from './match.ts';
import type { PaletteEntry, PalettePart } from './palette-entry.ts';
import { settingEntries } from './settings.tsx';
import { t } from './text.ts';
import { kindText, ThingMark } from './thing-mark.tsx';
import { type Hit, useHits } from './use-hits.ts';

// The names of that very object.
const verbNames = Object.keys(VERBS) as VerbName[];
const verbOf = (name: VerbName): Verb => VERBS[name];
const deviceVerbs = verbNames.filter((name) => verbOf(name).takes !== 'nothing' && name !== 'exports.devices');
const isAllowed = (name: VerbName) => may(operations[name].permission);
const plainVerbs = verbNames.filter((name) => verbOf(name).takes === 'nothing');

/** The verb that the first word means, and what it is done to. */
function sentenceOf(query: string): (Sentence & { name: VerbName }) | undefined {
  for (const name of deviceVerbs.filter(isAllowed)) {
    const sentence = sentenceFor(query, verbText(verbOf(name).words));
    if (sentence !== undefined) return { ...sentence, name };
  }
  return undefined;
}

const askNote = (name: VerbName) => (operations[name].isDangerous ? { note: t('asks') } : {});
const verbMark = (name: VerbName) => (
  <Icon name={verbOf(name).icon} className={operations[name].isDangerous ? 'text-down' : 'text-muted'} />
);

function hitEntry(hit: Hit, open: (thing: RecentThing) => void): PaletteEntry {
  const match = hit.match === null ? '' : t('matched', hit.match);
  return {
    key: `${hit.kind} ${hit.id}`,
    text: hit.name,
    hint: [hit.place ?? '', match].filter((part) => part !== '').join(' · '),
    note: kindText(hit.kind),
    mark: <ThingMark kind={hit.kind} status={hit.status} />,
    run: () => open(hit),
  };
}

const verbOnHit = (name: VerbName, hit: Hit): PaletteEntry => ({
  key: `${name} ${hit.id}`,
  text: t('verbOn', { verb: verbTitle(name), thing: hit.name }),
  hint: hit.place ?? '',
  ...askNote(name),
  mark: verbMark(name),
  run: () => askVerb({ verb: name, devices: { ids: [hit.id], name: hit.name } }),
});

/** A verb that wants a thing puts its word into the field, and one goes on typing. */
function verbEntry(name: VerbName, onType: (text: string) => void, now: (name: VerbName) => void): PaletteEntry {
  const { takes, words } = verbOf(name);
  const [word = ''] = verbText(words).split(',');
  return {
    key: name,
    text: verbTitle(name),
    ...(takes === 'nothing' ? askNote(name) : { note: t('nameDevice') }),
    mark: verbMark(name),
    run: () => {
      if (takes === 'nothing') return now(name);
      onType(`${word} `);
      return true;
    },
  };
}

function usePlainVerb(): (name: VerbName) => void {
  const navigate = useNavigate();
  const signOut = useSignOut();
  return (name) => {
    const { way } = verbOf(name);
    if (typeof way === 'object') {
      wantAct(name);
      void navigate({ to: way.to });
    } else if (name === 'session.remove') void signOut();
    else askVerb({ verb: name, devices: { ids: [] } });
  };
}

function usePageEntries(): PaletteEntry[] {
  const pages = usePages();
  const navigate = useNavigate();
  return useMemo(
    () =>
      pages.map(({ path, title, icon, chord }) => ({
        key: path,
        text: shellText(title),
        note: `g ${chord}`,
        mark: <PageIcon name={icon} />,
        run: () => void navigate({ to: path }),
      })),
    [pages, navigate],
  );
}

const recentEntry = (thing: RecentThing, open: (thing: RecentThing) => void): PaletteEntry => ({
  key: `${thing.kind} ${thing.id}`,
  text: thing.name,
  hint: thing.place ?? '',
  note: kindText(thing.kind),
  mark: <ThingMark kind={thing.kind} status={null} />,
  run: () => open(thing),
});

export function useParts(query: string, onType: (text: string) => void) {
  const sentence = sentenceOf(query);
  const asked = sentence === undefined ? query : sentence.thing;
  const found = useHits(asked);
  const open = useOpenThing();
  const now = usePlainVerb();
  const pages = usePageEntries();
  const devices = found.hits.filter((hit) => hit.kind === 'device');
  const wordsOf = (name: VerbName) => `${verbTitle(name)} ${verbText(verbOf(name).words)} ${operations[name].summary}`;
  const verbs = fitting(query, [...deviceVerbs, ...plainVerbs].filter(isAllowed), wordsOf).map((name) =>
    verbEntry(name, onType, now),
  );
  const isEmpty = query.trim() === '';
  const settings = isEmpty ? [] : fitting(query, settingEntries(), (entry) => entry.words);
  const parts: PalettePart[] = [
    { title: t('partRecent'), entries: isEmpty ? readRecent().map((thing) => recentEntry(thing, open)) : [] },
    {
      title: t('partVerbs'),
      entries: sentence === undefined ? [] : devices.map((hit) => verbOnHit(sentence.name, hit)),
    },
    { title: t('partThings'), entries: sentence === undefined ? found.hits.map((hit) => hitEntry(hit, open)) : [] },
    { title: t('partPages'), entries: fitting(query, pages, (page) => page.text) },
    { title: t('partVerbs'), entries: sentence === undefined || sentence.thing === '' ? verbs : [] },
    { title: t('partSettings'), entries: settings },
  ];
  const more = sentence === undefined ? found.more : 0;
  return {
    parts: parts.filter((part) => part.entries.length > 0),
    more,
    isWaiting: found.isWaiting,
    isFault: found.isFault,
  };
}
