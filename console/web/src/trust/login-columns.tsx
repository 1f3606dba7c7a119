// What the list says of one login: a row of the table at a desk, a card on a phone.
import { Link } from '@tanstack/react-router';
import { agoText } from '#console/web/src/text/time.ts';
import type { Column } from '#console/web/src/ui/table.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import type { Charter } from '#shared/model/charter.ts';
import type { CredentialShown } from '#shared/model/credential.ts';
import { LoginEnd, LoginStateMark } from './login-marks.tsx';
import { type LoginRow, mainOf, slotsOf } from './login-rows.ts';
import { t } from './text.ts';
import { nameOfKey } from './trust-people.ts';

export interface PlacedLogin extends LoginRow {
  relayName: string;
  siteName: string;
  charter: Charter | undefined;
}

/** "10.0.0.0/8, fd00::/8" or how many devices. */
export function placesText(shown: CredentialShown | null | undefined): string {
  if (shown === null || shown === undefined) return t('notTold');
  const devices = shown.devices === undefined ? [] : [t('ofDevices', { count: shown.devices })];
  return [...devices, ...(shown.ranges ?? [])].join(', ') || t('noRanges');
}

/** Which secrets are in the box, or who fetches them. */
export const holdsText = ({ holds, hook }: CredentialShown): string =>
  hook === undefined ? holds.map((one) => t(`holds_${one}`)).join(', ') : t('holds_hook', { hook });

export const LoginLink = ({ row }: { row: Pick<LoginRow, 'relayId' | 'name'> }) => (
  <Link
    to="/credentials/$relay/$name"
    params={{ relay: row.relayId, name: row.name }}
    className="quiet-link font-medium"
  >
    {row.name}
  </Link>
);

export const loginColumns = (now: number): Array<Column<PlacedLogin>> => [
  {
    key: 'name',
    title: t('login'),
    sortBy: ({ name }) => name,
    cell: (row) => (
      <span className="flex flex-wrap items-center gap-1.5">
        <LoginLink row={row} />
        {mainOf(row)?.shown?.user !== undefined && <span className="text-muted">{mainOf(row)?.shown?.user}</span>}
      </span>
    ),
  },
  {
    key: 'place',
    title: t('place'),
    sortBy: ({ siteName, relayName }) => `${siteName} ${relayName}`,
    cell: ({ siteName, relayName }) => (
      <>
        {siteName}
        <div className="text-xs text-muted">{relayName}</div>
      </>
    ),
  },
  {
    key: 'purpose',
    title: t('purpose'),
    cell: (row) => {
      const shown = mainOf(row)?.shown;
      return shown === null || shown === undefined ? (
        <span className="text-muted">{t('notTold')}</span>
      ) : (
        <Tag text={t(`purpose_${shown.purpose}`)} />
      );
    },
  },
  {
    key: 'goes',
    title: t('goesTo'),
    className: 'hidden xl:table-cell',
    cell: (row) => <span className="wrap-anywhere">{placesText(mainOf(row)?.shown)}</span>,
  },
  {
    key: 'slots',
    title: t('state'),
    cell: (row) => (
      <span className="grid gap-0.5">
        {slotsOf(row).map((login) => (
          <span key={login.slot} className="flex flex-wrap items-center gap-x-2">
            <span className="text-xs text-muted">
              {t(`slot_${login.slot}`)}, {t('versionOf', { version: login.version })}
            </span>
            <LoginStateMark login={login} />
          </span>
        ))}
      </span>
    ),
  },
  {
    key: 'ends',
    title: t('ends'),
    sortBy: (row) => mainOf(row)?.notAfter ?? Number.MAX_SAFE_INTEGER,
    cell: (row) => <LoginEnd notAfter={mainOf(row)?.notAfter ?? null} now={now} />,
  },
  {
    key: 'sealed',
    title: t('sealedBy'),
    className: 'hidden lg:table-cell',
    cell: (row) => {
      const login = mainOf(row);
      if (login === undefined) return null;
      return (
        <>
          {nameOfKey(login.signer, row.charter)}
          <div className="text-xs text-muted">{agoText(login.issuedAt, now)}</div>
        </>
      );
    },
  },
];
