// One's own: what one signs in with, where one is signed in, and the tokens that act in one's name.
import { useQuery } from '@tanstack/react-query';
import { type Profile, profileQuery } from '#console/web/src/door/profile-data.ts';
import { Allowed } from '#console/web/src/rights/allowed.tsx';
import { roleText } from '#console/web/src/rights/role-text.ts';
import { meQuery } from '#console/web/src/shell/me.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { FactorsPart } from './factors-part.tsx';
import { PasskeysPart } from './passkeys-part.tsx';
import { SessionsPart } from './sessions-part.tsx';
import { t } from './text.ts';
import { TokensPart } from './tokens-part.tsx';

export function ProfilePage() {
  usePageTitle(t('title'));
  const me = useQuery(meQuery).data;
  const read = useQuery(profileQuery);
  const roles = me?.roles.map(roleText).join(', ') ?? '';
  return (
    <>
      <PageHead
        title={t('title')}
        note={t('note', { name: me?.name ?? '', roles: roles === '' ? t('noRoles') : roles })}
      />
      {read.data === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && (
        <div role="status" aria-label={t('reading')}>
          <SkeletonBlock className="h-72" />
        </div>
      )}
      {read.data !== undefined && <Parts profile={read.data} />}
    </>
  );
}

function Parts({ profile }: { profile: Profile }) {
  return (
    <>
      {!profile.isEnrolled && profile.oidc === null && (
        <p role="status" className="mt-0 mb-3 max-w-prose font-medium text-changed">
          {t('notEnrolled')}
        </p>
      )}
      <div className="grid grid-cols-1 items-start gap-3 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <PasskeysPart profile={profile} />
        <div className="grid gap-3">
          <FactorsPart profile={profile} />
        </div>
        <div className="grid min-w-0 gap-3 xl:col-span-2">
          <SessionsPart />
          <Allowed needs="token.read">
            <TokensPart />
          </Allowed>
        </div>
      </div>
    </>
  );
}
