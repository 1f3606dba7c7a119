// What an action may be told: one strict shape per kind of value, so that whatever a shell makes of text, it gets one word.
import { z } from 'zod';

/**
 * A service as its manager names it ("nginx", "getty@tty1.service"). No quote, blank, slash, glob or leading dash: it reaches a
 * shell as one word and a manager as one name, whatever either makes of text.
 */
export const ServiceName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.@:-]{0,127}$/, 'a service is named with letters, digits and _ . @ : -');

/** As the system lists it; blanks stand inside only ("Adobe Desktop Service"). */
export const ProcessName = z
  .string()
  .regex(
    /^[A-Za-z0-9_](?:[A-Za-z0-9_.@+: -]{0,62}[A-Za-z0-9_.@+:-])?$/,
    'a process is named with letters, digits, blanks and _ . @ + : -, at most 64',
  );

/** 0 is a group and 1 is init: never a target. Windows counts to 2^32. */
export const ProcessId = z.int().min(2).max(4_294_967_295);

export const UserName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$/, 'a user is named with letters, digits and _ . @ -, at most 64');

/** "System", "Microsoft-Windows-PowerShell/Operational", "syslog"; "journal" is that of systemd. */
export const LogName = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9 _./()-]{0,126}[A-Za-z0-9_)])?$/,
    'a log is named with letters, digits, blanks and _ . / ( ) -, at most 128',
  );

/** Machine-wide hives alone: what a login sees as its own user is another user than whoever sits there. */
export const RegistryKey = z
  .string()
  .max(512)
  .regex(
    /^(?:HKLM|HKU|HKCR)(?:\\[^\\\p{C}\p{Zl}\p{Zp}]{1,255}){1,32}$/u,
    'a key is HKLM, HKU or HKCR and its path, such as HKLM\\Software\\Example',
  );

/** The empty name is the default value of its key. */
export const RegistryName = z
  .string()
  .regex(/^[^\\\p{C}\p{Zl}\p{Zp}]{0,255}$/u, 'a name has no backslash, at most 255');

export const REGISTRY_KINDS = ['dword', 'qword', 'string', 'expand'] as const;
export const RegistryKind = z.enum(REGISTRY_KINDS);

/** Numbers are written in decimal digits; what fits its kind is checked where both are known. */
export const RegistryText = z
  .string()
  .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]{0,4096}$/u, 'at most 4,096 characters of one line');

export const PowerShellText = z.string().min(1).max(65_536);

/** How old a file has to be. 1: what is written now is in use. */
export const AgeDays = z.int().min(1).max(365);

/** Each kind of value by its name: what forms and the command line ask for, and what tests attack. */
export const PARAMETER_TYPES = {
  service: ServiceName,
  process: ProcessName,
  'process-id': ProcessId,
  user: UserName,
  log: LogName,
  'registry-key': RegistryKey,
  'registry-name': RegistryName,
  'registry-kind': RegistryKind,
  'registry-text': RegistryText,
  powershell: PowerShellText,
  days: AgeDays,
} as const;

export type ParameterType = keyof typeof PARAMETER_TYPES;
