// What came of handing a message to somebody's server: taken, refused for good, or worth another try.

export type SendOutcome =
  | { ok: true; detail: string }
  | {
      ok: false;
      /** Nothing is gained by trying the same again. */
      isLasting: boolean;
      /** One line that names the server and never a secret. */
      detail: string;
      /** The server asked to be left alone for so long. */
      afterMs?: number;
    };
