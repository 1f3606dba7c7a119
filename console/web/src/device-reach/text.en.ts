// English: how a device is reached, and what is wrong when it is not.
import { FAILURE_TEXT } from '#shared/model/failure-text.ts';

export const en = {
  reached: 'How it is reached',
  over: 'Over',
  overPort: '{transport}, port {port}',
  notYet: 'Its relay has not reached it yet',
  since: 'Since',
  proof: 'Login proven by',
  auth_none: 'nothing: no network lies between',
  auth_key: 'a key',
  auth_password: 'a password',
  auth_ntlm: 'NTLM',
  auth_kerberos: 'Kerberos',
  seal: 'Protected by',
  seal_none: 'nothing: no network lies between',
  seal_tls: 'TLS; the device proves itself by its certificate',
  seal_ssh: 'SSH; the device proves itself by its host key',
  seal_kerberos: 'a session key; the device proves itself by Kerberos',
  seal_sealed: 'a session key; the device does not prove who it is',
  detail: 'In detail',
  login: 'Login',
  none: 'none',
  spn: 'Service principal',
  realm: 'Realm',
  share: 'Share',
  asSet: 'Set to {transport}',

  trouble: 'Why it is not reached',
  relaySays: 'The relay says: {detail}',
  edit: 'Change how it is reached',
  logins: 'To the logins',
  command: 'Command that accepts it',
  commandHint: 'Whoever may sign types this, compares what it shows, and adds --yes:',

  ...FAILURE_TEXT,
} as const;
