// What a device's text must lose before anybody prints it: C0 and C1 control characters, which redraw terminals.

export const CONTROL_CHARACTERS = /\p{Cc}/gu;
