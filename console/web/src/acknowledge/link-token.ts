// The secret of a message's link stands behind the #, which browsers send to no server and no log.

/** As the console makes them: 32 bytes in base64url. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export const tokenIn = (hash: string): string | undefined => {
  const token = hash.slice(1);
  return TOKEN.test(token) ? token : undefined;
};
