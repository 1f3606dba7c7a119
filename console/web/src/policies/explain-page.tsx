// What one device is watched by, who said so and who was overruled; and what it hangs on.
import { getRouteApi, Link } from '@tanstack/react-router';
import { exactApi } from '#console/web/src/api/api.ts';
import { useDeed } from '#console/web/src/form/use-deed.ts';
import { useMay } from '#console/web/src/rights/may.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { Table } from '#console/web/src/ui/table.tsx';
import { Switch } from '#console/web/src/ui/tick.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { DeviceId } from '#shared/base/id.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { EffectiveWatch } from '#shared/contract/policy-contract.ts';
import { checkText } from './check-words.ts';
import { DeviceSearch } from './places-field.tsx';
import { useExplained, useStalePolicies } from './policy-data.ts';
import { t } from './text.ts';

const route = getRouteApi('/shell/policies/devices/$id');

export function ExplainPage() {
  const { id } = route.useParams();
  const { drafted } = route.useSearch();
  const by = drafted === true ? 'draft' : 'active';
  const navigate = route.useNavigate();
  const read = useExplained(id, by);
  const name = inert(read.data?.device.name ?? '');
  usePageTitle(t('explainTitle', { name }));
  return (
    <>
      <p className="mt-0 mb-1">
        <Link to="/devices/$id" params={{ id }} className="link-quiet">
          {name === '' ? id : name}
        </Link>
      </p>
      <h1 className="mt-0 mb-3 text-xl font-semibold wrap-anywhere">{t('explainTitle', { name })}</h1>
      <div className="mb-3">
        <Switch
          label={t('showDraft')}
          isOn={by === 'draft'}
          onChange={(isDraft) => void navigate({ search: isDraft ? { drafted: true } : {} })}
        />
      </div>
      {read.data === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonRows label={t('reading')} />}
      {read.data !== undefined && <Explained found={read.data} />}
    </>
  );
}

function byText({ by, version }: EffectiveWatch): string {
  if (by === 'draft') return t('explainDraft');
  return version === null ? t('explainShipped') : t('explainBy', { version: String(version) });
}

type Said = EffectiveWatch['checks'][number]['said'];
type Source = Said[number]['source'];

const sourceText = (source: Source): string =>
  source.level === 'shipped' ? t('level_shipped') : `${t(`level_${source.level}`)}: ${inert(source.name)}`;

/** Who it is by, and who said something else without effect. */
function saidText(said: Said): string {
  const winner = said.find(({ fate }) => fate === 'wins');
  const others = said.flatMap(({ fate, source }) => (fate === 'wins' ? [] : [t(fate, { who: sourceText(source) })]));
  return [winner === undefined ? '–' : sourceText(winner.source), ...others].join('; ');
}

function Explained({ found }: { found: EffectiveWatch }) {
  const { presence, layers, passedOver, checks } = found;
  return (
    <>
      <p className="mt-0 mb-3">{byText(found)}</p>
      <KeyValues>
        <KeyValue name={t('presence')}>{t(`presence_${presence}`)}</KeyValue>
        <KeyValue name={t('memberOf')}>{layers.map(inert).join(', ') || '–'}</KeyValue>
        {passedOver.length > 0 && <KeyValue name={t('passedOver')}>{passedOver.map(inert).join(', ')}</KeyValue>}
        <KeyValue name={t('hangsOn')}>{parentText(found)}</KeyValue>
      </KeyValues>
      <ParentPart found={found} />
      <h2 className="mt-4 mb-2 text-base font-semibold">{t('checks')}</h2>
      <Table
        caption={t('checks')}
        isCaptionHidden
        rows={checks}
        rowKey={({ id }) => id}
        columns={[
          {
            key: 'check',
            title: t('check'),
            cell: ({ id }) => <span className="font-mono">{id}</span>,
            sortBy: ({ id }) => id,
          },
          {
            key: 'fails',
            title: t('fails'),
            cell: ({ check }) => (check === null ? t('turnedOff') : checkText(check)),
          },
          { key: 'said', title: t('saidBy'), cell: ({ said }) => saidText(said) },
        ]}
      />
    </>
  );
}

function parentText({ parent, hasNoParent }: EffectiveWatch): string {
  if (parent === null) return t(hasNoParent ? 'hangsOnNothing' : 'hangsUnknown');
  return t(parent.by === 'hand' ? 'hangsOnHand' : 'hangsOnLearnt', { name: inert(parent.name) });
}

function ParentPart({ found }: { found: EffectiveWatch }) {
  const stale = useStalePolicies();
  const mayWrite = useMay('device.write');
  const { id } = found.device;
  const kept = async () => {
    toast.say(t('parentSet'));
    await stale();
  };
  const nothing = useDeed(() => exactApi.policies.setParent({ id, parentId: null }), kept);
  const learn = useDeed(() => exactApi.policies.setParent({ id, parentId: null, isLearnt: true }), kept);
  const set = (parent: string) => {
    exactApi.policies
      .setParent({ id, parentId: DeviceId.parse(parent) })
      .then(kept)
      .catch((error: unknown) => toast.fault(error, t('parentFault')));
  };
  if (!mayWrite) return null;
  return (
    <div className="mt-2 grid max-w-xl gap-2">
      <p className="m-0 text-muted">{t('hangsHint')}</p>
      <DeviceSearch label={t('hangsOn')} onChoose={(device) => set(device.id)} />
      <div className="flex flex-wrap gap-2">
        <Button isBusy={nothing.isBusy} onClick={nothing.run}>
          {t('onNothing')}
        </Button>
        <Button isBusy={learn.isBusy} onClick={learn.run}>
          {t('learnAgain')}
        </Button>
      </div>
      {nothing.error + learn.error !== '' && (
        <p role="alert" className="m-0 text-down">
          {nothing.error + learn.error}
        </p>
      )}
    </div>
  );
}
