// Every reason of a relay leads to a sentence and to what one does about it.
import { expect, test } from 'vitest';
import { FAILURE_REASONS } from '#shared/base/outcome.ts';
import { type Failure, helpOf } from './failure-help.ts';
import { FAILURE_TEXT } from './failure-text.ts';

const failure = (reason: Failure['reason'], detail = '', transport: Failure['transport'] = 'winrm'): Failure => ({
  reason,
  detail,
  transport,
});

test.each(FAILURE_REASONS)('%s says what is wrong and what to do', (reason) => {
  for (const transport of ['local', 'ssh', 'winrm', 'smb'] as const) {
    const { name } = helpOf(failure(reason, '', transport));
    expect(FAILURE_TEXT[`what_${name}`]).toMatch(/\.$/);
    expect(FAILURE_TEXT[`todo_${name}`]).toMatch(/\.$/);
  }
});

test.each<[Failure, object]>([
  [failure('refused', 'fs-1: connection refused'), { name: 'closed-port', next: 'edit' }],
  [failure('refused', 'fs-1: refused', 'ssh'), { name: 'refused', next: 'edit' }],
  [
    failure('refused', 'fs-1: no TLS; this device was last reached over TLS: not tried over anything weaker'),
    { name: 'weaker', command: 'accept-key' },
  ],
  [failure('denied', 'fs-1: the login was refused'), { name: 'denied', next: 'logins' }],
  [failure('denied', 'fs-1: Win32_Service: access to this part of WMI is denied'), { name: 'rights', next: 'none' }],
  [failure('denied', 'credential win: denied by this device, not tried again yet'), { name: 'paused' }],
  [failure('host-key-changed', 'fs-1: key SHA256:b is not the pinned SHA256:a'), { name: 'certificate' }],
  [failure('host-key-changed', '', 'ssh'), { name: 'host-key-changed', command: 'accept-key' }],
  [failure('identity-changed'), { name: 'identity-changed', command: 'accept' }],
  [
    failure('credential-not-allowed', 'fs-1: credential win is not for NTLM over plain HTTP; make the device'),
    { name: 'plain-http', next: 'logins' },
  ],
  [failure('credential-not-allowed', 'fs-1: 10.0.0.1 is in none of the ranges'), { name: 'credential-not-allowed' }],
])('%j is explained as %j', (one, wanted) => expect(helpOf(one)).toMatchObject(wanted));
