// Relays whose certificate is about to end: they renew by themselves, so one of these means that renewing fails.
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { ThingLink } from '#console/web/src/shell/thing-link.tsx';
import { shortDuration } from '#console/web/src/text/format.ts';
import { fullTime } from '#console/web/src/text/time.ts';
import { Panel } from './panel.tsx';
import { t } from './text.ts';

/** Certificates live 14 days and are renewed at two thirds. */
const LATE_MS = 3 * 86_400_000;

export function CertificateNotes({ includesSite }: { includesSite: (id: string) => boolean }) {
  const now = useFiveSeconds();
  const relays = useRelays().data ?? [];
  const late = relays
    .filter((relay) => relay.certificateExpiresAt - now < LATE_MS && includesSite(relay.siteId))
    .sort((a, b) => a.certificateExpiresAt - b.certificateExpiresAt);
  return (
    <Panel title={t('certificates')} aside={t('certificatesNote')}>
      {late.length === 0 ? (
        <p className="overview-calm">{t('certificatesWell')}</p>
      ) : (
        <ul className="overview-rows">
          {late.map(({ id, name, siteName, certificateExpiresAt: endsAt }) => (
            <li key={id} className="overview-row certificate-row">
              <ThingLink thing={{ kind: 'relay', id, name, place: siteName }} className="row-link" title={name}>
                {name}
              </ThingLink>
              <span className="truncate text-xs text-muted">{siteName}</span>
              <time dateTime={new Date(endsAt).toISOString()} title={fullTime(endsAt)} className="text-changed">
                {endsAt <= now ? t('ended') : t('endsIn', { time: shortDuration(endsAt - now) })}
              </time>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
