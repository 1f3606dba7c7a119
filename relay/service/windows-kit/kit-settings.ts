// What a kit for Windows devices is made of: every word of it is checked before it becomes part of a script that runs as the system.
import { z } from 'zod';
import { isRange } from '#shared/base/ip-range.ts';
import { ServiceName } from '#shared/model/actions/parameter-types.ts';

/** ASCII without control characters: what a script of ours may hold between its quotes. */
const PLAIN = /^[\x20-\x7e]+$/;

/** `DOMAIN\name`, `name@realm` or a name of the machine itself; what Windows forbids in names is forbidden here. */
const Account = z
  .string()
  .max(256)
  .regex(/^(?:[A-Za-z0-9._-]{1,255}\\)?[A-Za-z0-9][A-Za-z0-9 ._-]{0,103}\$?$/, 'an account is NAME or DOMAIN\\NAME');

/** An address or a range; IPv4 without zeros in front, IPv6 without a zone. */
const RelayAddress = z
  .string()
  .max(64)
  .regex(PLAIN)
  .refine((text) => isRange(text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`), {
    message: 'the address of a relay is an IP address or a range such as 10.0.0.0/28',
  })
  .refine((text) => !/\/[0-7]$/.test(text), { message: 'a range that wide is no address of a relay' });

/** The point of a P-256 key, 64 bytes in base64url. */
const JobKeyText = z.string().regex(/^[A-Za-z0-9_-]{86}$/, 'a job key is the text of: rmm relay job-key');

export const KitSettings = z.strictObject({
  /** For people: stands in comments and the page of the kit. */
  site: z.string().trim().min(1).max(120),
  /** Where the firewall lets them come from; nobody else. */
  relayAddresses: z.array(RelayAddress).min(1).max(16),
  /** Who monitors: an account or a global group; without it people fill the group themselves. */
  account: Account.optional(),
  /** Services whose state the monitors may read, besides those Windows shows anyway. */
  services: z.array(ServiceName).max(64),
  /** Absent: no file queue. */
  queue: z.strictObject({ jobKey: JobKeyText, account: Account.optional() }).optional(),
});
export type KitSettings = z.infer<typeof KitSettings>;

/** A literal of PowerShell: single quotes, doubled inside. ASCII has no other sign that PowerShell takes for a quote. */
export function psText(text: string): string {
  if (text !== '' && !PLAIN.test(text)) throw new TypeError('not a plain text');
  return `'${text.replaceAll("'", "''")}'`;
}

export const psList = (texts: readonly string[]): string => `@(${texts.map(psText).join(', ')})`;

/** For comments: what is not ASCII is shown as a question mark. */
export const asciiOf = (text: string): string => text.replaceAll(/[^\x20-\x7e]/gu, '?');
