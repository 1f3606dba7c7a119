// How a device is reached, in the words of the command line: over what, proven by what, protected by what, since when.
import type { DeviceDetail } from '#shared/contract/device-contract.ts';
import { age } from './output.ts';

type Way = NonNullable<DeviceDetail['way']>;

const AUTHS: Readonly<Record<Way['auth'], string>> = {
  none: 'no login',
  key: 'a key',
  password: 'a password',
  ntlm: 'NTLM',
  kerberos: 'Kerberos',
};

/** Whether the device proves who it is says more than the cipher. */
function sealText({ seal, auth }: Way): string {
  switch (seal) {
    case 'none':
      return 'no network between';
    case 'tls':
      return 'TLS, the device proven by its certificate';
    case 'ssh':
      return 'SSH, the device proven by its host key';
    case 'sealed':
      return auth === 'kerberos' ? 'sealed, the device proven by Kerberos' : 'sealed, the device not proven';
  }
}

/** Lines of `rmm device show`. */
export function wayPairs(
  device: Pick<DeviceDetail, 'way' | 'credential' | 'spn' | 'realm' | 'share'>,
  now: number,
): Array<[string, string]> {
  const { way, credential, spn, realm, share } = device;
  const detail = way === null || way.detail === null ? '' : ` (${way.detail})`;
  const over =
    way === null ? '' : `${way.transport}${way.port === null ? '' : ` port ${way.port}`}, ${AUTHS[way.auth]}`;
  return [
    ['reached', way === null ? 'not yet' : `${over}, ${sealText(way)}${detail}`],
    ['reached since', way === null ? '' : age(way.since, now)],
    ['credential', credential ?? ''],
    ['spn', spn ?? ''],
    ['realm', realm ?? ''],
    ['share', share ?? ''],
  ];
}
