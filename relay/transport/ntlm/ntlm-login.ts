// Whom a Windows login names: DOMAIN\user, user@realm, .\user for an account of the machine itself, or user.

export interface NtlmLogin {
  user: string;
  /** As it is sent: empty for user@realm and for a bare user; `.` means the machine that is asked, whose name its challenge gives. */
  domain: string;
  password: string;
}

/** A name of both forms at once is read by its backslash. */
export function ntlmLogin(name: string, password: string): NtlmLogin {
  const at = name.indexOf('\\');
  return at === -1
    ? { user: name, domain: '', password }
    : { user: name.slice(at + 1), domain: name.slice(0, at), password };
}
