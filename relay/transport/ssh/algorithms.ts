// What we speak with an SSH server: nothing built on SHA-1, no CBC, no old exchange.
import type { Algorithms, ParsedKey } from 'ssh2';

export const ALGORITHMS: Algorithms = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
  ],
  serverHostKey: [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes256-ctr', 'aes192-ctr', 'aes128-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
};

export class Sha1Refused extends Error {
  constructor() {
    super('the server takes RSA keys with SHA-1 only');
    this.name = 'Sha1Refused';
  }
}

/** The key, but it never signs with SHA-1: ssh2 would for an RSA key where the server does not say what it takes. */
export function withoutSha1(key: ParsedKey): ParsedKey {
  const guarded: ParsedKey = Object.create(key);
  guarded.sign = (data, algorithm) => {
    if (algorithm === 'sha1') throw new Sha1Refused();
    return key.sign(data, algorithm);
  };
  return guarded;
}
