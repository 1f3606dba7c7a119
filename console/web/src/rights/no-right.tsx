// Says plainly which right is missing, and which roles hold it.
import { useQuery } from '@tanstack/react-query';
import { rolesQuery } from '#console/web/src/people/people-data.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { LinkButton } from '#console/web/src/ui/button.tsx';
import { may } from './may.ts';
import { roleText } from './role-text.ts';
import { t } from './text.ts';
import { sentenceOfVerb } from './verb-sentences.ts';

export function NoRight({ verb }: { verb: string }) {
  usePageTitle(t('noRightTitle'));
  const roles = useQuery({ ...rolesQuery, enabled: may('role.read') });
  const holders = (roles.data ?? []).filter(({ verbs }) => verbs.some((one) => one.verb === verb));
  const who =
    holders.length === 0
      ? t('asked')
      : t('rolesThatMay', { roles: holders.map(({ name }) => roleText(name)).join(', ') });
  return (
    <section className="empty">
      <h1 className="m-0 text-base font-semibold">{t('noRightTitle')}</h1>
      <p className="max-w-prose text-muted">
        {t.rich('noRightBody', {
          verb: (
            <>
              <code className="code">{verb}</code> ({sentenceOfVerb(verb)})
            </>
          ),
          who,
        })}
      </p>
      <div className="empty-steps">
        <LinkButton to="/profile">{t('toProfile')}</LinkButton>
      </div>
    </section>
  );
}
