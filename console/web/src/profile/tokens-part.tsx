// API tokens: what each may do, over what and until when; a new one is shown once, and any can be revoked.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { useDeed } from '#console/web/src/form/use-deed.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { overText } from '#console/web/src/rights/over-words.ts';
import { usePageAct } from '#console/web/src/shell/page-act.ts';
import { agoText, dateOf } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { ConfirmDialog } from '#console/web/src/ui/dialog.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import type { Column } from '#console/web/src/ui/table.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { Part } from './part.tsx';
import { ACTS, Rows } from './rows.tsx';
import type { Whose } from './sessions-part.tsx';
import { t } from './text.ts';
import { TokenDialog } from './token-dialog.tsx';

type Token = Awaited<ReturnType<typeof api.tokens.list>>['items'][number];

const keyOf = ({ person }: Whose) => ['tokens', person?.id ?? 'own'];

export function TokensPart(whose: Whose) {
  const now = useFiveSeconds();
  const queries = useQueryClient();
  const [isMaking, setIsMaking] = useState(false);
  const [revoking, setRevoking] = useState<Token>();
  const read = useQuery({
    queryKey: keyOf(whose),
    queryFn: async ({ signal }) =>
      (await api.tokens.list(whose.person === undefined ? {} : { person: whose.person.id }, { signal })).items,
  });
  const make = useCallback(() => setIsMaking(true), []);
  usePageAct('tokens.create', make);
  const reread = () => void queries.invalidateQueries({ queryKey: keyOf(whose) });
  return (
    <Part
      title={t('tokens')}
      note={t('tokensBody')}
      head={
        // Nobody makes a token for somebody else.
        whose.person === undefined && (
          <Button isSmall icon="plus" needs="token.create" onClick={() => setIsMaking(true)}>
            {t('newToken')}
          </Button>
        )
      }
    >
      {read.isPending && <SkeletonBlock className="h-16" />}
      {read.data === undefined && read.isError && (
        <FaultNote what={t('tokensNotRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.data?.length === 0 && <p className="m-0">{t('noTokens')}</p>}
      {read.data !== undefined && read.data.length > 0 && (
        <Rows caption={t('tokens')} columns={columns(now, setRevoking)} rows={read.data} rowKey={({ id }) => id} />
      )}
      {isMaking && <TokenDialog onMade={reread} onClose={() => setIsMaking(false)} />}
      {revoking !== undefined && <Revoke token={revoking} onRevoked={reread} onClose={() => setRevoking(undefined)} />}
    </Part>
  );
}

/** What its maker calls the things is not told with the token: their kind and the beginning of the id. */
const overOfToken = ({ over }: Token): string =>
  over.map((one) => overText(one, one.kind === 'everything' ? null : one.id)).join(', ');

const columns = (now: number, onRevoke: (token: Token) => void): Array<Column<Token>> => [
  {
    key: 'name',
    title: t('token'),
    cell: ({ name, isLocal, isSteppedUp }) => (
      <>
        <span className="font-medium wrap-anywhere">{name}</span>
        {isLocal && <div className="text-xs text-muted">{t('isLocal')}</div>}
        {isSteppedUp && <div className="text-xs text-changed">{t('isDangerous')}</div>}
      </>
    ),
  },
  {
    key: 'may',
    title: t('may'),
    cell: ({ verbs }) => <code className="text-xs wrap-anywhere">{verbs.join(', ')}</code>,
  },
  { key: 'over', title: t('over'), cell: (token) => <span className="wrap-break-word">{overOfToken(token)}</span> },
  {
    key: 'ends',
    title: t('ends'),
    cell: ({ expiresAt }) =>
      expiresAt === null
        ? t('noEnd')
        : expiresAt <= now
          ? t('ended', { ago: agoText(expiresAt, now) })
          : dateOf(expiresAt),
  },
  {
    key: 'used',
    title: t('lastUsed'),
    cell: ({ lastUsedAt, lastUsedFrom }) =>
      lastUsedAt === null
        ? t('never')
        : `${agoText(lastUsedAt, now)}${lastUsedFrom === null ? '' : ` · ${lastUsedFrom}`}`,
  },
  {
    key: 'from',
    title: t('addresses'),
    cell: ({ addresses }) => (addresses.length === 0 ? t('anywhere') : addresses.join(', ')),
  },
  {
    key: ACTS,
    title: t('revoke'),
    className: 'w-px head-quiet',
    cell: (token) =>
      !token.isLocal && (
        <Button
          isSmall
          needs="token.revoke"
          aria-label={t('revokeOf', { name: token.name })}
          onClick={() => onRevoke(token)}
        >
          {t('revoke')}
        </Button>
      ),
  },
];

interface RevokeProps {
  token: Token;
  onRevoked: () => void;
  onClose: () => void;
}

function Revoke({ token: { id, name }, onRevoked, onClose }: RevokeProps) {
  const { isBusy, error, run } = useDeed(
    () => api.tokens.remove({ id }),
    () => {
      toast.say(t('revoked', { name }));
      onRevoked();
      onClose();
    },
  );
  return (
    <ConfirmDialog
      isOpen
      title={t('revokeTitle', { name })}
      confirmText={t('revoke')}
      isBusy={isBusy}
      error={error}
      onClose={onClose}
      onConfirm={run}
    >
      <p>{t('revokeBody')}</p>
    </ConfirmDialog>
  );
}
