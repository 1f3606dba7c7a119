// How long a password is at least; the console checks it again.

export const MIN_PASSWORD = 12;
