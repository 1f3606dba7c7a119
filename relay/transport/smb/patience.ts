// How long a server may take where nobody says otherwise.

/** An address that does not answer by then is not there. */
export const CONNECT_MS = 10_000;
/** A disk that has to spin up, and a server that is busy. */
export const REPLY_MS = 30_000;
/** Direct TCP (MS-SMB2 2.1). */
export const SMB_PORT = 445;
