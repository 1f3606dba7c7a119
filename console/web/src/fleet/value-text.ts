// What words of the contract are called in the language of the page; a word that is new here stays as it is.
import { FAILURE_REASONS } from '#shared/base/outcome.ts';
import { type DEVICE_TRANSPORTS, DEVICE_TYPES } from '#shared/model/device-words.ts';
import { t } from './text.ts';

const SYSTEMS: Readonly<Record<string, string>> = {
  linux: 'Linux',
  freebsd: 'FreeBSD',
  macos: 'macOS',
  windows: 'Windows',
};

export const systemText = (system: string): string =>
  system === 'unknown' ? t('system_unknown') : (SYSTEMS[system] ?? system);

export function typeText(type: string): string {
  const known = DEVICE_TYPES.find((one) => one === type);
  return known === undefined ? type : t(`type_${known}`);
}

const TRANSPORTS: Readonly<Record<string, string>> = { ssh: 'SSH', winrm: 'WinRM', smb: 'SMB' };

export const transportText = (transport: string): string =>
  transport === 'local' ? t('transport_local') : (TRANSPORTS[transport] ?? transport);

/** The most usual first; call it while rendering. */
export const transportOptions = () =>
  (['ssh', 'winrm', 'smb', 'local'] as const satisfies ReadonlyArray<(typeof DEVICE_TRANSPORTS)[number]>).map(
    (transport) => ({ value: transport, label: transportText(transport) }),
  );

/** Why a device does not answer. */
export function reasonText(reason: string): string {
  const known = FAILURE_REASONS.find((one) => one === reason);
  return known === undefined ? reason : t(`reason_${known}`);
}
