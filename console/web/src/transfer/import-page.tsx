// Imports a list: the file is read and compared first, and changes nothing until somebody has seen the difference.
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { faultText } from '#console/web/src/api/fault.ts';
import { useChooseScope, useEstateScope } from '#console/web/src/shell/estate-scope.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { Button, LinkButton } from '#console/web/src/ui/button.tsx';
import { Segmented } from '#console/web/src/ui/choice.tsx';
import { Progress } from '#console/web/src/ui/progress.tsx';
import type { ImportKind } from '#shared/contract/import-contract.ts';
import { ChooseFile } from './choose-file.tsx';
import { saveFile } from './file-text.ts';
import { usePlan } from './import-data.ts';
import { kindOf } from './import-search.ts';
import { PlanView } from './plan-view.tsx';
import { sampleOf } from './sample.ts';
import { t } from './text.ts';

const route = getRouteApi('/shell/import');

export function ImportPage() {
  usePageTitle(t('importTitle'));
  const { plan } = route.useSearch();
  return (
    <>
      <PageHead title={t('importTitle')} note={t('importNote')}>
        {plan !== undefined && (
          <LinkButton to="/import" search={({ kind }) => ({ ...(kind !== undefined && { kind }) })} icon="upload">
            {t('anotherFile')}
          </LinkButton>
        )}
      </PageHead>
      {plan === undefined ? <Choosing /> : <PlanView key={plan} id={plan} />}
    </>
  );
}

function Choosing() {
  const search = route.useSearch();
  const kind = kindOf(search);
  const navigate = useNavigate({ from: '/import' });
  const { site } = useEstateScope();
  const planning = usePlan(({ id }) => void navigate({ search: (former) => ({ ...former, plan: id }) }));
  const siteId = kind === 'devices' ? site?.id : undefined;
  return (
    <section className="panel grid max-w-3xl gap-4 p-4">
      <Segmented
        label={t('kind')}
        options={[
          { value: 'devices', label: t('kindDevices') },
          { value: 'sites', label: t('kindSites') },
        ]}
        value={kind}
        isDisabled={planning.isPending}
        onChoose={(next) => {
          planning.reset();
          void navigate({
            search: (former) => ({ ...former, kind: next === 'sites' ? next : undefined }),
            replace: true,
          });
        }}
      />
      {siteId !== undefined && site !== undefined && <WithinSite name={site.name} />}
      <ChooseFile
        isDisabled={planning.isPending}
        onFile={(file, format) => planning.mutate({ file, format, kind, siteId })}
      />
      {planning.isPending && (
        <Progress label={t('reading', { file: planning.variables.file.name })} ratio={undefined} />
      )}
      {planning.isError && (
        <p role="alert" className="m-0 text-down">
          {t('notPlanned', { file: planning.variables.file.name })} {faultText(planning.error)}
        </p>
      )}
      <Sample kind={kind} />
    </section>
  );
}

/** The choice in the bar narrows the import too, which is said, and can be dropped here. */
function WithinSite({ name }: { name: string }) {
  const choose = useChooseScope();
  return (
    <p className="m-0 flex flex-wrap items-center gap-2">
      {t('withinSite', { site: name })}
      <Button isSmall onClick={() => choose({})}>
        {t('forAllSites')}
      </Button>
    </p>
  );
}

function Sample({ kind }: { kind: ImportKind }) {
  const save = () => saveFile(new Blob([sampleOf(kind)], { type: 'text/csv' }), `rmm-${kind}-example.csv`);
  return (
    <p className="m-0 flex flex-wrap items-center gap-2 text-muted">
      {t('sampleHint')}
      <Button isSmall icon="download" onClick={save}>
        {t('sample')}
      </Button>
    </p>
  );
}
