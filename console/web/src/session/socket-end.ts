// How the socket of a session ended, in the relay's or the console's word.

/** Such as "ended" or "left"; empty where the line just broke. */
export type SocketEnd = string;

/** Ends that no further try changes. */
const FINAL = ['ended', 'unknown', 'revoked', 'forged', 'flooded', 'replaced'] as const;
export type FinalEnd = (typeof FINAL)[number];

export const finalEnd = (end: SocketEnd): FinalEnd | undefined => FINAL.find((one) => one === end);
