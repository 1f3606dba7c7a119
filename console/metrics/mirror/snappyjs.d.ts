// snappyjs brings no types: the one function we call.
declare module 'snappyjs' {
  /** The block format, without a frame around it. */
  export function compress(bytes: Uint8Array): Uint8Array;
  export function uncompress(bytes: Uint8Array, maxLength?: number): Uint8Array;
}
