// Who this relay is: its key, its certificate and what it pinned at enrolment, in one 0600 file that is whole or absent.
import { isIP } from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import { RelayId, SiteId } from '#shared/base/id.ts';
import { RelayKind } from '#shared/crypto/enrolment-messages.ts';
import { newRelayKey } from '#shared/crypto/identity-key.ts';
import {
  CONSOLE_TLS_NAME,
  type RelayCertificate,
  readCertificate,
  readRelayCertificate,
} from '#shared/crypto/peer-certificate.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';
import { PublicKey } from '#shared/model/charter.ts';
import {
  type Environment,
  IDENTITY_CREDENTIAL,
  missingCredential,
  readSystemCredential,
} from './system-credentials.ts';

export const Enrolment = z.strictObject({
  relay: RelayId,
  site: SiteId,
  kind: RelayKind,
  /** PEM. */
  certificate: z.string(),
  /** PEM: the one authority whose server certificates are this relay's console. */
  authority: z.string(),
  /** Pinned: the owner whose signature the first charter bore. */
  owner: PublicKey,
  /** Where enrolment happened and an expired certificate is renewed. */
  consoleUrl: z.string(),
  /** Port of the mutual TLS listener on the same host. */
  linkPort: z.int().min(1).max(65_535),
});
export type Enrolment = z.infer<typeof Enrolment>;

/**
 * The file: key and enrolment together, so that a power cut never leaves one without the other. Null: the key was moved away and
 * is handed over by the service manager.
 */
const IdentityFile = z.strictObject({
  v: z.literal(1),
  privateKey: z.string().nullable(),
  enrolment: Enrolment.nullable(),
});
type IdentityFile = z.infer<typeof IdentityFile>;

export const identityFile = (data: string) => path.join(data, 'identity', 'identity.json');

function parseFile(file: string, text: string): IdentityFile {
  try {
    return IdentityFile.parse(JSON.parse(text));
  } catch {
    // No cause: a parser's message may quote the key.
    throw new AppError('config-invalid', `${file}: not the identity of a relay`);
  }
}

export class IdentityStore {
  readonly #file: string;
  readonly #handedOver: string | undefined;
  #identity: IdentityFile;

  /** Reads the identity in the relay's data folder, or makes a key for one. */
  constructor(data: string, environment: Environment = process.env) {
    this.#file = identityFile(data);
    this.#handedOver = readSystemCredential(IDENTITY_CREDENTIAL, environment);
    const text = readPrivateFile(this.#file);
    if (text !== undefined) {
      this.#identity = parseFile(this.#file, text);
    } else {
      const privateKey = this.#handedOver === undefined ? newRelayKey() : null;
      this.#identity = { v: 1, privateKey, enrolment: null };
      this.#save(this.#identity);
    }
  }

  /** PKCS#8 PEM; given to TLS and to the proofs, nowhere else. */
  get privateKey(): string {
    const key = this.#identity.privateKey ?? this.#handedOver;
    if (key === undefined) throw missingCredential("the relay's identity key", IDENTITY_CREDENTIAL);
    return key;
  }

  get enrolment(): Enrolment | undefined {
    return this.#identity.enrolment ?? undefined;
  }

  /** What the certificate says, or undefined before enrolment. */
  get certificate(): RelayCertificate | undefined {
    const pem = this.#identity.enrolment?.certificate;
    return pem === undefined ? undefined : readRelayCertificate(readCertificate(pem));
  }

  /** Durable before it returns. `privateKey` changes only when a relay enrols anew; then it is in the file again. */
  saveEnrolment(enrolment: Enrolment, privateKey: string = this.privateKey): void {
    const isKept = this.#identity.privateKey === null && privateKey === this.#handedOver;
    this.#save({ v: 1, privateKey: isKept ? null : privateKey, enrolment });
  }

  /** Takes the key out of the file; call it once the key lies elsewhere. */
  forgetPrivateKey(): void {
    this.#save({ ...this.#identity, privateKey: null });
  }

  #save(identity: IdentityFile): void {
    writePrivateFile(this.#file, `${JSON.stringify(identity)}\n`);
    this.#identity = identity;
  }
}

/** wss URL of the console's relay port. */
export function linkUrl(enrolment: Enrolment): string {
  const { hostname } = new URL(enrolment.consoleUrl);
  return `wss://${hostname}:${enrolment.linkPort}/`;
}

/** TLS options of the link: our certificate, their authority alone, and the name only a console's certificate has. */
export function linkTls(store: IdentityStore): tls.ConnectionOptions {
  const { enrolment } = store;
  if (enrolment === undefined) throw new AppError('certificate-unknown', 'this relay is not enrolled');
  const { hostname } = new URL(enrolment.consoleUrl);
  return {
    key: store.privateKey,
    cert: enrolment.certificate,
    ca: enrolment.authority,
    minVersion: 'TLSv1.3',
    // The address may be anything that leads there; what counts is being a console of our authority.
    checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(CONSOLE_TLS_NAME, certificate),
    // Names only: an address is no legal server name indication.
    ...(isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? { servername: hostname } : {}),
  };
}
