// English: what is wrong with a device that is not reached and what one does about it, for the pages and the command line alike.
import type { HelpName } from './failure-help.ts';

/** By the names of failure-help.ts. Commands stand between backticks. */
export const FAILURE_TEXT = {
  what_unreachable: 'Nothing answers at its address.',
  todo_unreachable:
    'See that it is switched on and that the relay’s network leads there; correct the address if it has another.',
  what_refused: 'The device answers, but lets nobody in on this port.',
  todo_refused: 'See that the service runs there, or correct the port.',
  'what_closed-port': 'The device answers, but not on the port of WinRM.',
  'todo_closed-port':
    'Make a listener on the device: `rmm onboard windows` writes the script for it. Or correct the port.',
  what_weaker: 'It no longer offers the way it was reached by before, and nothing weaker is tried.',
  todo_weaker:
    'Mend its HTTPS listener or its Kerberos. If it shall be reached the weaker way from now on, a signer names its key anew.',
  what_denied: 'The device does not let this login in.',
  todo_denied: 'Check user, password and rights of the login. A new one is tried at once.',
  what_rights: 'The device lets this login in, but not to what the relay asks for.',
  todo_rights:
    'Give it the rights to read: `rmm onboard windows` writes the script for it. The words of the relay say what was denied.',
  what_paused: 'The login was refused and rests, so that no account gets locked.',
  todo_paused:
    'Check user, password and rights of the login. A new one is tried at once; the same one after 15 minutes.',
  'what_timed-out': 'The device took too long to answer.',
  'todo_timed-out':
    'Often it is busy or the network is slow: the relay goes on trying. See how loaded it is if it stays so.',
  what_lost: 'The connection ended before the answer was there.',
  todo_lost: 'The relay tries again. If it stays so, look at what lies between: a firewall, a proxy, a bad link.',
  'what_host-key-unknown': 'This site believes no machine at first sight.',
  'todo_host-key-unknown': 'Read the key on the machine itself, then name it.',
  'what_host-key-changed': 'The machine shows another host key than the pinned one. No login was offered.',
  'todo_host-key-changed': 'Was it rebuilt? Read the key on the machine itself, then name it.',
  what_certificate: 'The device shows another certificate than the pinned one. No login was offered.',
  todo_certificate: 'Was it renewed? Read its key on the device itself, then name it.',
  'what_identity-changed': 'Another machine answers at this address. Nothing of it is stored, and no order runs there.',
  'todo_identity-changed': 'Was it rebuilt? Compare both identities under Hardware, then have the new one accepted.',
  'what_too-large': 'It sends more than the relay takes.',
  'todo_too-large': 'The words of the relay say of what; often a list on the device has grown without end.',
  what_malformed: 'Its answer cannot be read.',
  todo_malformed:
    'Often a start-up script of the login writes in between, or the system is older than those the relay knows.',
  what_unsupported: 'The relay cannot do this over this transport.',
  todo_unsupported: 'Choose another transport, or update the relay.',
  what_cancelled: 'The relay stopped before it was done.',
  todo_cancelled: 'It tries again by itself.',
  'what_credential-missing': 'The relay holds no login of this name.',
  'todo_credential-missing': 'Seal one for this relay, or correct the name at the device.',
  'what_credential-not-allowed': 'The login is not for this device, this place or this purpose. It was not offered.',
  'todo_credential-not-allowed': 'The words of the relay say what is missing: seal the login again with it.',
  'what_plain-http': 'There is neither TLS nor Kerberos here, and this login is not offered without.',
  'todo_plain-http':
    'Make an HTTPS listener on the device: `rmm onboard windows` writes the script for it. Or seal the login again and allow NTLM over plain HTTP.',
} as const satisfies Record<`${'what' | 'todo'}_${HelpName}`, string>;
