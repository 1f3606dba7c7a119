// Proves that each way TLS fails is told apart, and that an interceptor is named.
import { expect, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import { explainTlsError, quoted } from './tls-errors.ts';

const failing = (code: string) => Object.assign(new Error('x'), { code });
const SHOWN = { subject: 'CN=console.example', issuer: 'O=Corp\nCN=Corp Inspection CA' };

test.each([
  ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate-intercepted'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate-intercepted'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate-intercepted'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate-intercepted'],
  ['CERT_HAS_EXPIRED', 'certificate-expired'],
  ['CERT_NOT_YET_VALID', 'clock-skew'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate-unknown'],
  ['INVALID_PURPOSE', 'certificate-unknown'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'certificate-unknown'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'certificate-unknown'],
  ['ECONNREFUSED', 'unavailable'],
  ['ENOTFOUND', 'unavailable'],
])('%s is %s and names the peer', (code, expected) => {
  expect(explainTlsError(failing(code), 'c.example:8444', SHOWN)).toMatchObject({
    code: expected,
    message: expect.stringContaining('c.example:8444'),
  });
});

test('an interceptor is named with its issuer', () => {
  const { message } = explainTlsError(failing('SELF_SIGNED_CERT_IN_CHAIN'), 'c.example:8444', SHOWN);
  expect(message).toContain('issued by "O=Corp, CN=Corp Inspection CA"');
  expect(explainTlsError(failing('SELF_SIGNED_CERT_IN_CHAIN'), 'c:1').message).toContain('an unknown issuer');
});

test('what already has a code keeps it', () => {
  const error = new AppError('token-expired', 'x');
  expect(explainTlsError(error, 'c:1')).toBe(error);
});

test('names in a certificate cannot redraw a terminal or grow without end', () => {
  expect(quoted('a\u001b[2Jb\u202ec"d\\\ud800')).toBe('"a?[2Jb?c?d??"');
  expect(quoted('x'.repeat(900))).toHaveLength(205);
});
