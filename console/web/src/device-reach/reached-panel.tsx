// How a device is reached: over what, proven by what, protected by what, and since when.
import type { ReactNode } from 'react';
import { transportText } from '#console/web/src/fleet/value-text.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { shortDuration } from '#console/web/src/text/format.ts';
import { fullTime, timeOrDay } from '#console/web/src/text/time.ts';
import { Icon } from '#console/web/src/ui/icon.tsx';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import type { DeviceDetail } from '#shared/contract/device-contract.ts';
import { t } from './text.ts';

type Reached = Pick<DeviceDetail, 'transport' | 'port' | 'credential' | 'spn' | 'realm' | 'share' | 'way'>;
type Way = NonNullable<Reached['way']>;

export function ReachedPanel({ device }: { device: Reached }) {
  const { way, transport, credential, spn, realm, share } = device;
  return (
    <section className="panel p-3" aria-label={t('reached')}>
      <h2 className="section-title mb-2">{t('reached')}</h2>
      {way === null && <p className="mt-0 mb-2 text-muted">{t('notYet')}</p>}
      <KeyValues>
        {way !== null && <WayValues way={way} />}
        {way?.transport !== transport && (
          <KeyValue name={t('over')}>{t('asSet', { transport: wayText(device) })}</KeyValue>
        )}
        {transport !== 'local' && (
          <KeyValue name={t('login')}>{credential ?? <span className="text-muted">{t('none')}</span>}</KeyValue>
        )}
        <Named name={t('spn')} text={spn} />
        <Named name={t('realm')} text={realm} />
        <Named name={t('share')} text={share} />
      </KeyValues>
    </section>
  );
}

function Named({ name, text }: { name: string; text: string | null }): ReactNode {
  return text === null ? null : (
    <KeyValue name={name}>
      <span className="wrap-anywhere">{text}</span>
    </KeyValue>
  );
}

function WayValues({ way }: { way: Way }) {
  const now = useFiveSeconds();
  return (
    <>
      <KeyValue name={t('over')}>{wayText(way)}</KeyValue>
      <KeyValue name={t('proof')}>{t(`auth_${way.auth}`)}</KeyValue>
      <div className="col-span-2 min-w-0 lg:col-span-1">
        <dt className="text-xs text-muted">{t('seal')}</dt>
        <dd className="m-0 wrap-anywhere">
          <Seal way={way} />
        </dd>
      </div>
      <Named name={t('detail')} text={way.detail} />
      <KeyValue name={t('since')}>
        <span title={fullTime(way.since)}>
          {timeOrDay(way.since, now)} <span className="text-muted">({shortDuration(now - way.since)})</span>
        </span>
      </KeyValue>
    </>
  );
}

const wayText = ({ transport, port }: Pick<Way, 'transport' | 'port'>): string =>
  port === null ? transportText(transport) : t('overPort', { transport: transportText(transport), port: String(port) });

/** Only what names the machine keeps somebody from standing in its place. */
function Seal({ way }: { way: Way }) {
  if (way.seal !== 'sealed') return t(`seal_${way.seal}`);
  if (way.auth === 'kerberos') return t('seal_kerberos');
  return (
    <span className="inline-flex items-start gap-1.5">
      <Icon name="warning" className="mt-0.5 text-changed" />
      <span>{t('seal_sealed')}</span>
    </span>
  );
}
