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
