// One X.509 certificate as a library writes it: fields, extensions, an ECDSA P-256 signature; who gets which is said in certificate.ts.
import { createHash, type X509Certificate } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { BitString, Integer, OctetString, Utf8String } from 'asn1js';
import type { CryptoKey } from 'jose';
import * as pkijs from 'pkijs';

/** The ids that RFC 5280 gives to extensions and names. */
const OID = {
  commonName: '2.5.4.3',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  alternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

/** Lines of 64 signs between their marks, with a line end behind the last. */
export function pemText(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

/** The bytes between the marks. */
export const pemBytes = (pem: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(pem.replaceAll(/-----[^-]+-----/g, ''), 'base64'));

interface Encodable {
  toBER(): ArrayBuffer;
}

const extension = (extnID: string, critical: boolean, value: Encodable) =>
  new pkijs.Extension({ extnID, critical, extnValue: value.toBER() });

/** `pathLength` 0: an authority that signs no further authorities. */
export function basicConstraints(what: 'authority' | 'end'): pkijs.Extension {
  const said = what === 'authority' ? { cA: true, pathLenConstraint: 0 } : { cA: false };
  return extension(OID.basicConstraints, true, new pkijs.BasicConstraints(said).toSchema());
}

/** Bits from the left, as RFC 5280 numbers them: 0 signs data, 5 signs certificates, 6 signs lists of revoked ones. */
export function keyUsage(bits: readonly number[]): pkijs.Extension {
  const byte = bits.reduce((sum, bit) => sum | (0x80 >> bit), 0);
  const unusedBits = 7 - Math.max(...bits);
  return extension(OID.keyUsage, true, new BitString({ valueHex: bufferOf(Uint8Array.of(byte)), unusedBits }));
}

export const extendedKeyUsage = (purpose: string): pkijs.Extension =>
  extension(OID.extendedKeyUsage, true, new pkijs.ExtKeyUsage({ keyPurposes: [purpose] }).toSchema());

export interface AlternativeName {
  type: 'uri' | 'dns' | 'ip';
  value: string;
}

function generalName({ type, value }: AlternativeName): pkijs.GeneralName {
  if (type === 'ip')
    return new pkijs.GeneralName({ type: 7, value: new OctetString({ valueHex: addressBytes(value) }) });
  return new pkijs.GeneralName({ type: type === 'dns' ? 2 : 6, value });
}

/** Four bytes, or sixteen: the URL parser writes an IPv6 address out to groups that are easy to read. */
function addressBytes(address: string): ArrayBuffer {
  if (isIPv4(address)) return bufferOf(Uint8Array.from(address.split('.'), Number));
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groupsOf = (text: string) => text.split(':').filter((group) => group !== '');
  const [first, last] = [groupsOf(head), groupsOf(tail ?? '')];
  const middle = Array.from({ length: 8 - first.length - last.length }, () => '0');
  const groups = [...first, ...middle, ...last].map((group) => group.padStart(4, '0'));
  return bufferOf(Buffer.from(groups.join(''), 'hex'));
}

export const alternativeNames = (names: readonly AlternativeName[]): pkijs.Extension =>
  extension(OID.alternativeName, false, new pkijs.GeneralNames({ names: names.map(generalName) }).toSchema());

/** SHA-1 of the key's bits names a key (RFC 5280, 4.2.1.2); nothing is proven by it. */
function keyId(spki: Uint8Array): ArrayBuffer {
  const key = pkijs.PublicKeyInfo.fromBER(bufferOf(spki)).subjectPublicKey.valueBlock.valueHexView;
  return bufferOf(createHash('sha1').update(key).digest());
}

export const subjectKeyId = (spki: Uint8Array): pkijs.Extension =>
  extension(OID.subjectKeyId, false, new OctetString({ valueHex: keyId(spki) }));

export function authorityKeyId(spki: Uint8Array): pkijs.Extension {
  const keyIdentifier = new OctetString({ valueHex: keyId(spki) });
  return extension(OID.authorityKeyId, false, new pkijs.AuthorityKeyIdentifier({ keyIdentifier }).toSchema());
}

export const spkiOfCertificate = (certificate: X509Certificate): Uint8Array =>
  certificate.publicKey.export({ type: 'spki', format: 'der' });

const commonName = (value: string) =>
  new pkijs.RelativeDistinguishedNames({
    typesAndValues: [new pkijs.AttributeTypeAndValue({ type: OID.commonName, value: new Utf8String({ value }) })],
  });

export interface CertificateFields {
  /** Hexadecimal, positive without padding. */
  serial: string;
  notBefore: Date;
  notAfter: Date;
  /** Its common name. */
  subject: string;
  /** The certificate of who signs; none for one that signs itself. */
  issuer?: X509Certificate;
  spki: Uint8Array;
  extensions: pkijs.Extension[];
}

// RFC 5280: two digits of the year until 2049, four from then on.
const timeOf = (value: Date) => new pkijs.Time({ type: value.getUTCFullYear() < 2050 ? 0 : 1, value });

/** Signed with `key` (ECDSA P-256), as PEM. */
export async function signCertificate(fields: CertificateFields, key: CryptoKey): Promise<string> {
  const subject = commonName(fields.subject);
  const certificate = new pkijs.Certificate({
    version: 2, // X.509 v3
    serialNumber: new Integer({ valueHex: bufferOf(Buffer.from(fields.serial, 'hex')) }),
    // The issuer's name to the byte, as its own certificate spells it.
    issuer: fields.issuer === undefined ? subject : pkijs.Certificate.fromBER(bufferOf(fields.issuer.raw)).subject,
    subject,
    notBefore: timeOf(fields.notBefore),
    notAfter: timeOf(fields.notAfter),
    subjectPublicKeyInfo: pkijs.PublicKeyInfo.fromBER(bufferOf(fields.spki)),
    extensions: fields.extensions,
  });
  await certificate.sign(key, 'SHA-256');
  return pemText('CERTIFICATE', new Uint8Array(certificate.toSchema(true).toBER()));
}
