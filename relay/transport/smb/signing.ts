// Signatures of messages (MS-SMB2 3.1.4.1): AES-GMAC where it was agreed on, else AES-CMAC.
import { createCipheriv, timingSafeEqual } from 'node:crypto';
import { aesCmac, cmacKeys } from './cmac.ts';
import { COMMAND, FLAG, SIGNATURE_AT, SIGNATURE_BYTES, setSigned } from './header.ts';

export interface Signer {
  /** Sets the flag and writes the signature into a message that begins with its header. */
  sign(message: Buffer): void;
  /** True when the signature is right; the message's signature is zero afterwards. */
  verify(message: Buffer): boolean;
}

type Mac = (message: Buffer) => Buffer;

/** MS-SMB2 3.1.4.1: message id, then a word that says who speaks and whether it cancels, so that no nonce comes twice. */
function gmacNonce(message: Buffer): Buffer {
  const nonce = Buffer.alloc(12);
  message.copy(nonce, 0, 24, 32);
  const isReply = (message.readUInt32LE(16) & FLAG.reply) !== 0;
  const isCancel = message.readUInt16LE(12) === COMMAND.cancel;
  nonce.writeUInt32LE((isReply ? 1 : 0) | (isCancel ? 2 : 0), 8);
  return nonce;
}

function gmac(key: Buffer): Mac {
  return (message) => {
    const cipher = createCipheriv('aes-128-gcm', key, gmacNonce(message));
    cipher.setAAD(message);
    cipher.final();
    return cipher.getAuthTag();
  };
}

function cmac(key: Buffer): Mac {
  const keys = cmacKeys(key);
  return (message) => aesCmac(keys, message);
}

export function newSigner(kind: 'AES-GMAC' | 'AES-CMAC', key: Buffer): Signer {
  const macOf = kind === 'AES-GMAC' ? gmac(key) : cmac(key);
  const blank = (message: Buffer) => message.fill(0, SIGNATURE_AT, SIGNATURE_AT + SIGNATURE_BYTES);
  return {
    sign: (message) => {
      setSigned(message);
      blank(message);
      macOf(message).copy(message, SIGNATURE_AT, 0, SIGNATURE_BYTES);
    },
    verify: (message) => {
      const claimed = Buffer.from(message.subarray(SIGNATURE_AT, SIGNATURE_AT + SIGNATURE_BYTES));
      blank(message);
      return timingSafeEqual(claimed, macOf(message));
    },
  };
}
