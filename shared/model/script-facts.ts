// Shells and kinds of parameters of scripts, and which systems a shell is found on. Without a schema: pages read it.
import type { DeviceSystem } from './device.ts';

export const SCRIPT_SHELLS = ['sh', 'bash', 'python3', 'powershell', 'cmd'] as const;
export type ScriptShell = (typeof SCRIPT_SHELLS)[number];

export const SCRIPT_PARAMETER_TYPES = [
  'text',
  'number',
  'flag',
  'choice',
  'path',
  'service',
  'process',
  'user',
  'log',
] as const;

export const isWindowsShell = (shell: ScriptShell): boolean => shell === 'powershell' || shell === 'cmd';

/** Whether a machine of `system` has such a shell at all; whether it is installed is seen there. */
export const shellFits = (shell: ScriptShell, system: DeviceSystem): boolean =>
  system !== 'unknown' && isWindowsShell(shell) === (system === 'windows');
