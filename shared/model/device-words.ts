// The words of a device's status, system, kind and transport, apart from their schemas: browsers list them without the library of schemas.

export const DEVICE_STATUSES = ['up', 'down', 'unknown', 'identity-changed'] as const;
export const DEVICE_SYSTEMS = ['linux', 'freebsd', 'macos', 'windows', 'unknown'] as const;
export const DEVICE_TRANSPORTS = ['local', 'ssh', 'winrm', 'smb'] as const;
export const DEVICE_TYPES = [
  'server',
  'workstation',
  'laptop',
  'vm',
  'network',
  'mobile',
  'container',
  'other',
  'unknown',
] as const;

/**
 * Off, as people leave it: a relay says of a machine that people switch off that it does not know how it is, and why nobody answers.
 * Without a reason nobody has asked it yet.
 */
export const isAway = (device: { status: string; statusReason: string | null }): boolean =>
  device.status === 'unknown' && device.statusReason !== null && device.statusReason !== '';
