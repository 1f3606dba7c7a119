// How a session is attached to: the socket's place and words, apart from the contract so that pages load no schema for them.

/** Below the API's prefix: the socket of sessions. A ticket is offered as a subprotocol, for no browser lets a page set a header. */
export const STREAMS_PATH = '/streams';
export const SESSION_SUBPROTOCOL = 'rmm.session';
export const TICKET_PREFIX = 'rmm.ticket.';
