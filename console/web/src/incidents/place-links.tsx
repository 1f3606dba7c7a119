// Where something is, as the ways there: its device, its relay, its site.
import { Link } from '@tanstack/react-router';
import type { Alert } from './incidents-data.ts';
import { t } from './text.ts';

type Place = Pick<Alert, 'siteId' | 'siteName' | 'relayId' | 'relayName' | 'deviceId' | 'deviceName'>;

export function PlaceLinks({ place }: { place: Place }) {
  const { siteId, siteName, relayId, relayName, deviceId, deviceName } = place;
  if (siteId === null) return t('theConsole');
  return (
    <>
      {deviceId !== null ? (
        <Link to="/devices/$id" params={{ id: deviceId }}>
          {deviceName ?? t('gone')}
        </Link>
      ) : (
        relayId !== null && <Link to="/relays">{relayName ?? t('gone')}</Link>
      )}
      {(deviceId !== null || relayId !== null) && ', '}
      <Link to="/sites/$id" params={{ id: siteId }} className="quiet-link">
        {siteName ?? t('gone')}
      </Link>
    </>
  );
}
