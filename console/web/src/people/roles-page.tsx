// The roles: what each is for, every verb of it in a sentence, and all side by side.
import { useQuery } from '@tanstack/react-query';
import { roleText } from '#console/web/src/rights/role-text.ts';
import { sentenceOfVerb } from '#console/web/src/rights/verb-sentences.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { Icon } from '#console/web/src/ui/icon.tsx';
import { ScrollArea } from '#console/web/src/ui/scroll-area.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { useIsNarrow } from '#console/web/src/ui/use-media.ts';
import { type Role, rolesQuery } from './people-data.ts';
import { roleSentence } from './role-words.ts';
import { t } from './text.ts';

export function RolesPage() {
  usePageTitle(t('rolesTitle'));
  const read = useQuery(rolesQuery);
  const isNarrow = useIsNarrow();
  return (
    <>
      <PageHead title={t('rolesTitle')} note={<span className="block max-w-prose">{t('rolesIntro')}</span>} />
      {read.data === undefined && read.isError && (
        <FaultNote what={t('rolesNotRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonRows label={t('reading')} />}
      {read.data?.map((role) => (
        <OneRole key={role.name} role={role} />
      ))}
      {/* Eight columns are none for a phone: there each role lists its own. */}
      {read.data !== undefined && !isNarrow && <SideBySide roles={read.data} />}
    </>
  );
}

function OneRole({ role: { name, verbs } }: { role: Role }) {
  return (
    <details className="panel mb-2 p-3">
      <summary className="grid min-h-8 cursor-pointer grid-cols-[auto_1fr] items-baseline gap-x-2">
        <span className="fold-arrow" aria-hidden="true" />
        <span className="min-w-0">
          <span className="font-semibold">{roleText(name)}</span>{' '}
          <span className="text-xs text-muted">{t('verbCount', { count: verbs.length })}</span>
          <span className="block max-w-prose text-muted">{roleSentence(name)}</span>
        </span>
      </summary>
      <ul className="mt-2 mb-0 grid list-none gap-x-6 gap-y-1.5 p-0 sm:grid-cols-2 xl:grid-cols-3">
        {verbs.map(({ verb, sentence, isDangerous }) => (
          <li key={verb} className="min-w-0 wrap-anywhere">
            <span className="font-mono text-xs">{verb}</span>
            {isDangerous && (
              <span className="ml-1.5 inline-flex" title={t('farReaching')}>
                <Icon name="warning" className="size-3 self-center text-changed" />
                <span className="sr-only">{t('farReaching')}</span>
              </span>
            )}
            <span className="block text-xs text-muted">{sentenceOfVerb(verb, sentence)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function SideBySide({ roles }: { roles: readonly Role[] }) {
  const holders = roles.map(({ verbs }) => new Set(verbs.map(({ verb }) => verb)));
  const all = [...new Map(roles.flatMap(({ verbs }) => verbs).map((one) => [one.verb, one])).values()];
  return (
    <section className="mt-6">
      <h2 className="section-title mb-2">{t('compare')}</h2>
      <ScrollArea label={t('compare')} className="table-frame">
        <table className="table">
          <caption className="sr-only">{t('compare')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('verb')}</th>
              {roles.map(({ name }) => (
                <th key={name} scope="col">
                  {roleText(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {all.map(({ verb, sentence }) => (
              <tr key={verb}>
                <td title={sentenceOfVerb(verb, sentence)}>
                  <span className="font-mono text-xs">{verb}</span>
                </td>
                {holders.map((held, at) => (
                  <td key={roles[at]?.name}>
                    {held.has(verb) ? (
                      <>
                        <Icon name="check" className="size-3.5 text-up" />
                        <span className="sr-only">{t('holds')}</span>
                      </>
                    ) : (
                      <span className="sr-only">{t('holdsNot')}</span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </section>
  );
}
