// The P-256 key with which this relay signs jobs of file queues: made once, 0600; its public half is pinned on the devices.
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import path from 'node:path';
import { AppError } from '#shared/base/errors.ts';
import { pointFingerprint, pointOf, signEs256 } from '#shared/crypto/p256-key.ts';
import { createPrivateFile, readPrivateFile } from '#shared/crypto/private-file.ts';
import { toBase64url } from '#shared/seal/base64url.ts';

export interface JobKey {
  /** The point as base64url: what devices pin. */
  readonly publicText: string;
  /** What people compare, and what a job names as its signer. */
  readonly id: string;
  sign(data: Uint8Array): Uint8Array;
}

const fileOf = (data: string) => path.join(data, 'identity', 'job.pem');

function jobKeyOf(key: KeyObject): JobKey {
  const point = pointOf(key);
  return { publicText: toBase64url(point), id: pointFingerprint(point), sign: (data) => signEs256(data, key) };
}

function readKey(text: string): JobKey {
  try {
    return jobKeyOf(createPrivateKey(text));
  } catch {
    // No cause: a parser's message may quote the text, and the text is a private key.
    throw new AppError('config-invalid', 'identity/job.pem holds no private key of the curve P-256');
  }
}

/** Made at its first use: a site without file queues has none. */
export function openJobKey(data: string): JobKey {
  const file = fileOf(data);
  const text = readPrivateFile(file);
  if (text !== undefined) return readKey(text);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  createPrivateFile(file, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
  return jobKeyOf(privateKey);
}

/** For tests and tools that hold a key without a folder. */
export const jobKeyFrom = (privateKey: KeyObject): JobKey => jobKeyOf(privateKey);
