// Says in words why TLS with the console failed; a TLS interceptor is named with its issuer.
import { AppError } from '#shared/base/errors.ts';

/** The certificate a peer showed: names as OpenSSL prints them, one attribute a line. */
export interface ShownCertificate {
  subject: string;
  issuer: string;
}

/** Foreign text for a message: printable, short. */
export function quoted(text: string, max = 200): string {
  const line = text
    .replaceAll('\n', ', ')
    .replaceAll(/[^\x20-\x7e\u00a1-\u{10fffd}]|["\\\p{Bidi_Control}\p{Surrogate}]/gu, '?');
  return `"${line.length > max ? `${line.slice(0, max)}...` : line}"`;
}

/** The chain does not lead to an authority we trust. */
const FOREIGN_CHAIN = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
]);

/** The server does not accept what we showed. */
const ALERT_ABOUT_US =
  /ALERT_(CERTIFICATE|BAD_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|UNSUPPORTED_CERTIFICATE)|CERTIFICATE_REQUIRED/;

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** `error` of a connection to `peer` ("host:port") as an AppError; `shown` is the certificate seen there, when known. */
export function explainTlsError(error: unknown, peer: string, shown?: ShownCertificate): AppError {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  const by = shown === undefined ? 'an unknown issuer' : quoted(shown.issuer);
  if (FOREIGN_CHAIN.has(code)) {
    const advice = 'TLS inspection on the way, or another server; exempt this address from inspection';
    const message = `${peer}: its certificate is issued by ${by}, not by this console's authority (${advice})`;
    return new AppError('certificate-intercepted', message, { cause: error });
  }
  if (code === 'CERT_HAS_EXPIRED') {
    return new AppError('certificate-expired', `${peer}: its certificate, issued by ${by}, has expired`, {
      cause: error,
    });
  }
  if (code === 'CERT_NOT_YET_VALID') {
    return new AppError('clock-skew', `${peer}: its certificate is not valid yet; check this machine's clock`, {
      cause: error,
    });
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'INVALID_PURPOSE') {
    return new AppError('certificate-unknown', `${peer}: its certificate, issued by ${by}, is not a console's`, {
      cause: error,
    });
  }
  if (ALERT_ABOUT_US.test(code)) {
    return new AppError('certificate-unknown', `${peer}: refuses this relay's certificate (${code})`, { cause: error });
  }
  return new AppError('unavailable', `${peer}: ${code || 'connection failed'}`, { cause: error });
}
