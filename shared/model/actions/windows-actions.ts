// Actions that only Windows has: PowerShell as it is given, and its registry.
import { z } from 'zod';
import { PowerShellText, RegistryKey, RegistryKind, RegistryName, RegistryText } from './parameter-types.ts';

const MAX_DWORD = 2n ** 32n - 1n;
const MAX_QWORD = 2n ** 64n - 1n;

/** Whether `value` is one of `kind`: numbers in decimal digits and within their bytes. */
export function fitsRegistryKind(kind: z.infer<typeof RegistryKind>, value: string): boolean {
  if (kind === 'string' || kind === 'expand') return true;
  return /^\d{1,20}$/.test(value) && BigInt(value) <= (kind === 'dword' ? MAX_DWORD : MAX_QWORD);
}

export const WINDOWS_ACTIONS = [
  z.strictObject({ name: z.literal('powershell.run'), arguments: z.strictObject({ script: PowerShellText }) }),
  z.strictObject({
    name: z.literal('registry.set'),
    arguments: z
      .strictObject({ key: RegistryKey, value: RegistryName, kind: RegistryKind, data: RegistryText })
      .refine(({ kind, data }) => fitsRegistryKind(kind, data), 'a dword or qword is a decimal number that fits it'),
  }),
  z.strictObject({
    name: z.literal('registry.remove'),
    arguments: z.strictObject({ key: RegistryKey, value: RegistryName }),
  }),
] as const;
