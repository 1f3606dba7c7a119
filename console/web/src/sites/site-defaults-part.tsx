// What new devices of a site begin with, shown; a dialog changes it.
import { useState } from 'react';
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { transportText } from '#console/web/src/fleet/value-text.ts';
import { useGroups } from '#console/web/src/form/estate-lists.ts';
import { duration } from '#console/web/src/text/format.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { DefaultsDialog } from './defaults-dialog.tsx';
import { draftOfDefaults } from './defaults-draft.ts';
import type { SiteRow } from './sites-data.ts';
import { t } from './text.ts';

export function SiteDefaultsPart({ site }: { site: SiteRow }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <section className="panel p-3">
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 className="section-title mb-0">{t('defaults')}</h2>
        <Button isSmall icon="edit" needs="site.write" onClick={() => setIsOpen(true)}>
          {t('editDefaults')}
        </Button>
      </div>
      <p className="mt-0 mb-3 text-xs text-muted">{t('defaultsHint')}</p>
      <Shown site={site} />
      {isOpen && <DefaultsDialog site={site} onClose={() => setIsOpen(false)} />}
    </section>
  );
}

function Shown({ site }: { site: SiteRow }) {
  const { relayId, transport, port, credential, realm, share, intervalMs, tags, groupIds } = draftOfDefaults(
    site.defaults,
  );
  const relay = useRelays().data?.find(({ id }) => id === relayId);
  const groups = useGroups().data?.filter(({ id }) => groupIds.includes(id)) ?? [];
  return (
    <KeyValues>
      <KeyValue name={t('relay')}>{relay?.name ?? <Usual text={t('onlyRelay')} />}</KeyValue>
      <KeyValue name={t('transport')}>{transport === '' ? <Usual text="SSH" /> : transportText(transport)}</KeyValue>
      <KeyValue name={t('port')}>{port === '' ? <Usual text={t('usualPort')} /> : port}</KeyValue>
      <KeyValue name={t('credential')}>{credential === '' ? <Usual text={t('noLogin')} /> : credential}</KeyValue>
      {realm !== '' && <KeyValue name={t('realm')}>{realm}</KeyValue>}
      {share !== '' && <KeyValue name={t('share')}>{share}</KeyValue>}
      <KeyValue name={t('interval')}>
        {intervalMs === '' ? <Usual text={duration(60_000)} /> : duration(Number(intervalMs))}
      </KeyValue>
      <KeyValue name={t('tags')}>
        <Words words={tags} />
      </KeyValue>
      <KeyValue name={t('groups')}>
        <Words words={groups.map(({ name }) => name)} />
      </KeyValue>
    </KeyValues>
  );
}

/** Not set: what holds then, said quietly. */
const Usual = ({ text }: { text: string }) => <span className="text-muted">{text}</span>;

function Words({ words }: { words: readonly string[] }) {
  if (words.length === 0) return <Usual text={t('none')} />;
  return (
    <span className="flex flex-wrap gap-1">
      {words.map((word) => (
        <Tag key={word} text={word} />
      ))}
    </span>
  );
}
