// What a device's last failure means and what a person does about it, from the reason and the words of the relay. Pure.
import type { FailureReason } from '#shared/base/outcome.ts';
import type { DEVICE_TRANSPORTS } from './device-words.ts';

type Transport = (typeof DEVICE_TRANSPORTS)[number];

export interface Failure {
  reason: FailureReason;
  /** The relay's own words. */
  detail: string;
  transport: Transport;
}

/** Names of the sentences in the catalogue: `what_<name>` says what is wrong, `todo_<name>` what to do. */
export type HelpName = FailureReason | 'closed-port' | 'weaker' | 'paused' | 'rights' | 'plain-http' | 'certificate';

export interface Help {
  name: HelpName;
  /** Where one goes on from here. */
  next: 'edit' | 'logins' | 'none';
  /** What is typed to have it accepted, where a signer has the last word. */
  command: 'accept' | 'accept-key' | 'none';
}

const help = (name: HelpName, next: Help['next'] = 'none', command: Help['command'] = 'none'): Help => ({
  name,
  next,
  command,
});

// The relay's sentences are its own, in one language; where one of them changes, the usual sentence stands in its place.
const WEAKER = /not tried over anything weaker/;
const PAUSED = /not tried again yet/;
/** What Windows denies to a login that it has let in. */
const RIGHTS = /access denied|access to this part of WMI/;
const PLAIN_HTTP = /plain HTTP/;

export function helpOf({ reason, detail, transport }: Failure): Help {
  switch (reason) {
    case 'refused':
      if (WEAKER.test(detail)) return help('weaker', 'edit', 'accept-key');
      return help(transport === 'winrm' ? 'closed-port' : 'refused', 'edit');
    case 'denied':
      if (PAUSED.test(detail)) return help('paused', 'logins');
      return RIGHTS.test(detail) ? help('rights') : help('denied', 'logins');
    case 'host-key-changed':
      return help(transport === 'winrm' ? 'certificate' : reason, 'none', 'accept-key');
    case 'host-key-unknown':
      return help(reason, 'none', 'accept-key');
    case 'identity-changed':
      return help(reason, 'none', 'accept');
    case 'credential-not-allowed':
      return help(PLAIN_HTTP.test(detail) ? 'plain-http' : reason, 'logins');
    case 'credential-missing':
      return help(reason, 'logins');
    case 'unreachable':
    case 'unsupported':
      return help(reason, 'edit');
    case 'timed-out':
    case 'lost':
    case 'too-large':
    case 'malformed':
    case 'cancelled':
      return help(reason);
  }
}
