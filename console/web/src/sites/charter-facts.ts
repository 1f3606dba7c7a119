// What a page says of a site's charter: the text that the owners signed, read with care.

export interface CharterFacts {
  expiresAt: number;
  profile: string;
  owners: number;
  signers: number;
}

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

/** Undefined for a text that is no charter. The relay judges it; this is only shown. */
export function charterFacts(text: string): CharterFacts | undefined {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== 'object' || read === null || !('expiresAt' in read)) return undefined;
    const { expiresAt } = read;
    if (typeof expiresAt !== 'number') return undefined;
    return {
      expiresAt,
      profile: 'profile' in read && typeof read.profile === 'string' ? read.profile : '',
      owners: 'owners' in read ? lengthOf(read.owners) : 0,
      signers: 'signers' in read ? lengthOf(read.signers) : 0,
    };
  } catch {
    return undefined;
  }
}
