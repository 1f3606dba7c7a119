// One sealed login: what it is for, what is in its two slots, and what a technician can sign about it.
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { transportText } from '#console/web/src/fleet/value-text.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { useCharters } from '#console/web/src/signing/trust-data.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { fullTime } from '#console/web/src/text/time.ts';
import { Button, LinkButton } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import type { Charter } from '#shared/model/charter.ts';
import type { CredentialSlot } from '#shared/model/credential.ts';
import { type Credentials, useCredentials } from './credentials-data.ts';
import { PromoteDialog, RemoveDialog, RevokeDialog } from './login-acts.tsx';
import { holdsText } from './login-columns.tsx';
import { LoginEnd, LoginStateMark } from './login-marks.tsx';
import { isPromoted, type Login, type LoginRow, loginRows, mainOf, stateOf } from './login-rows.ts';
import { t } from './text.ts';
import { nameOfKey, shortId } from './trust-people.ts';

const route = getRouteApi('/shell/credentials/$relay/$name');

export function CredentialPage() {
  const { relay, name } = route.useParams();
  const read = useCredentials();
  usePageTitle(name);
  if (read.data === undefined && read.isError)
    return <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined)
    return (
      <div role="status" aria-label={t('reading')}>
        <SkeletonBlock className="mb-4 h-14" />
        <SkeletonBlock className="h-72" />
      </div>
    );
  const row = loginRows(read.data.items).find((one) => one.relayId === relay && one.name === name);
  if (row === undefined)
    return (
      <EmptyState title={t('noLogin')} body={t('noLoginBody')}>
        <Link to="/credentials">{t('toLogins')}</Link>
      </EmptyState>
    );
  return <Detail row={row} credentials={read.data} />;
}

interface DetailProps {
  row: LoginRow;
  credentials: Credentials;
}

function Detail({ row, credentials }: DetailProps) {
  const relay = useRelays().data?.find(({ id }) => id === row.relayId);
  const [charter] = useCharters([row.siteId]);
  const main = mainOf(row);
  return (
    <>
      <PageHead title={row.name} note={<Link to="/credentials">{t('toLogins')}</Link>}>
        <LinkButton
          to="/credentials/seal"
          search={{ relay: row.relayId, name: row.name, slot: 'next' }}
          icon="lock"
          needs="credential.write"
        >
          {t('rotate')}
        </LinkButton>
      </PageHead>
      <section className="panel mb-3 p-3">
        <h2 className="section-title mb-2">{t('what')}</h2>
        <KeyValues>
          <KeyValue name={t('site')}>
            <Link to="/sites/$id" params={{ id: row.siteId }} className="quiet-link">
              {relay?.siteName ?? row.siteId}
            </Link>
          </KeyValue>
          <KeyValue name={t('relay')}>{relay?.name ?? row.relayId}</KeyValue>
          {main !== undefined && <Shown login={main} />}
        </KeyValues>
      </section>
      <div className="grid grid-cols-1 items-start gap-3 lg:grid-cols-2">
        {(['current', 'next'] as const).map((slot) => (
          <Slot key={slot} slot={slot} row={row} credentials={credentials} charter={charter} />
        ))}
      </div>
    </>
  );
}

function Shown({ login: { shown } }: { login: Login }) {
  const unknown = <span className="text-muted">{t('notTold')}</span>;
  return (
    <>
      <KeyValue name={t('purpose')}>{shown === null ? unknown : t(`purpose_${shown.purpose}`)}</KeyValue>
      <KeyValue name={t('user')}>{shown?.user ?? unknown}</KeyValue>
      <KeyValue name={t('holds')}>{shown === null ? unknown : holdsText(shown)}</KeyValue>
      <KeyValue name={t('ranges')}>{shown === null ? unknown : (shown.ranges?.join(', ') ?? t('noRanges'))}</KeyValue>
      <KeyValue name={t('devices')}>
        {shown === null
          ? unknown
          : shown.devices === undefined
            ? t('anyDevice')
            : t('ofDevices', { count: shown.devices })}
      </KeyValue>
      <KeyValue name={t('transports')}>
        {shown === null ? unknown : (shown.transports?.map(transportText).join(', ') ?? t('anyTransport'))}
      </KeyValue>
      <KeyValue name={t('weakest')}>{shown === null ? unknown : t(`weakest_${shown.weakest}`)}</KeyValue>
      {shown?.ntlmOverHttp === true && <KeyValue name={t('ntlm')}>{t('ntlmAllowed')}</KeyValue>}
    </>
  );
}

interface SlotProps extends DetailProps {
  slot: CredentialSlot;
  charter: Charter | undefined;
}

function Slot({ slot, row, credentials, charter }: SlotProps) {
  const login = row[slot];
  return (
    <section className="panel p-3" aria-label={t(`slot_${slot}`)}>
      <h2 className="section-title mb-2">{t(`slot_${slot}`)}</h2>
      {login === undefined ? (
        <p className="m-0 text-muted">{t('emptySlot')}</p>
      ) : (
        <Filled login={login} row={row} credentials={credentials} charter={charter} />
      )}
      {slot === 'next' && (
        <p className="mt-2 mb-0 max-w-prose text-xs text-muted">{isPromoted(row) ? t('isCurrent') : t('nextHint')}</p>
      )}
    </section>
  );
}

function Filled({ login, row, credentials, charter }: DetailProps & { login: Login; charter: Charter | undefined }) {
  const now = useFiveSeconds();
  return (
    <>
      <KeyValues>
        <KeyValue name={t('state')}>
          <LoginStateMark login={login} />
        </KeyValue>
        <KeyValue name={t('version')}>{login.version}</KeyValue>
        <KeyValue name={t('ends')}>
          <LoginEnd notAfter={login.notAfter} now={now} />
        </KeyValue>
        <KeyValue name={t('sealedOn')}>{fullTime(login.issuedAt)}</KeyValue>
        <KeyValue name={t('sealedBy')}>
          <span title={login.signer}>{nameOfKey(login.signer, charter)}</span>
        </KeyValue>
        <KeyValue name={t('sealedTo')}>{sealedToText(login, credentials, charter)}</KeyValue>
      </KeyValues>
      <Acts login={login} row={row} credentials={credentials} />
    </>
  );
}

function sealedToText({ sealedTo, relayId }: Login, { keys }: Credentials, charter: Charter | undefined): string {
  if (sealedTo.length === 0) return t('nobody');
  const word = (id: string) => {
    if (id === keys.get(relayId)?.id) return t('theRelay', { id: shortId(id) });
    return id === charter?.escrowKey?.id ? t('theEscrow', { id: shortId(id) }) : t('anotherKey', { id: shortId(id) });
  };
  return sealedTo.map(word).join(', ');
}

type Act = 'promote' | 'revoke' | 'remove';

function Acts({ login, row, credentials }: DetailProps & { login: Login }) {
  const [open, setOpen] = useState<Act>();
  const navigate = useNavigate();
  const close = () => setOpen(undefined);
  const state = stateOf(login);
  const about = { login, items: credentials.items, onClose: close };
  const isLast = row.current === undefined || row.next === undefined;
  return (
    <div className="mt-3 flex flex-wrap gap-2">
      {login.slot === 'next' && state !== 'revoked' && !isPromoted(row) && (
        <Button isSmall kind="primary" icon="check" needs="credential.write" onClick={() => setOpen('promote')}>
          {t('promote')}
        </Button>
      )}
      <LinkButton
        to="/credentials/seal"
        search={{ relay: login.relayId, name: login.name, slot: login.slot }}
        isSmall
        icon="lock"
        needs="credential.write"
      >
        {t('sealAgain')}
      </LinkButton>
      {state !== 'revoked' && (
        <Button isSmall icon="close" needs="credential.write" onClick={() => setOpen('revoke')}>
          {t('revoke')}
        </Button>
      )}
      <Button isSmall icon="trash" needs="credential.remove" onClick={() => setOpen('remove')}>
        {t('remove')}
      </Button>
      {open === 'promote' && <PromoteDialog {...about} />}
      {open === 'revoke' && <RevokeDialog {...about} />}
      {open === 'remove' && (
        <RemoveDialog {...about} onRemoved={() => isLast && void navigate({ to: '/credentials' })} />
      )}
    </div>
  );
}
