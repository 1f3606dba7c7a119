// Which way of logging in is tried next: the key first, then the password by one way only, each once.
import type { AnyAuthMethod, Prompt } from 'ssh2';
import type { Credential } from '#relay/transport/credentials.ts';
import type { Failure, Outcome } from '#shared/base/outcome.ts';
import { withoutSha1 } from './algorithms.ts';

export class AuthPlan {
  #credential: Credential;
  #failure: Failure | undefined;
  #isKeyUsed = false;
  #isPasswordUsed = false;

  constructor(credential: Credential) {
    this.#credential = credential;
  }

  /** What was fetched since; without it nothing is offered. */
  fill(fetched: Outcome<Credential>): void {
    if (fetched.ok) this.#credential = fetched.value;
    else this.#failure = fetched;
  }

  /** Why nothing was offered. */
  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** A secret has been offered: a failure from here on may count at the device. */
  get hasOffered(): boolean {
    return this.#isKeyUsed || this.#isPasswordUsed;
  }

  /** What was offered last, and taken where the login came about. */
  get offered(): 'key' | 'password' | 'none' {
    if (this.#isPasswordUsed) return 'password';
    return this.#isKeyUsed ? 'key' : 'none';
  }

  /** `methodsLeft` is what the server still takes; undefined before it has said so. False: nothing is left to try. */
  next(methodsLeft: readonly string[] | undefined): AnyAuthMethod | false {
    const { user: username, key, password } = this.#credential;
    if (this.#failure !== undefined) return false;
    const takes = (method: string) => methodsLeft?.includes(method) ?? false;
    if (key !== undefined && !this.#isKeyUsed && (methodsLeft === undefined || takes('publickey'))) {
      this.#isKeyUsed = true;
      return { type: 'publickey', username, key: withoutSha1(key) };
    }
    if (password === undefined || this.#isPasswordUsed) return false;
    // "none" is no try of a secret; the refusal lists the ways that exist.
    if (methodsLeft === undefined) return { type: 'none', username };
    this.#isPasswordUsed = takes('password') || takes('keyboard-interactive');
    if (takes('password')) return { type: 'password', username, password };
    return takes('keyboard-interactive')
      ? { type: 'keyboard-interactive', username, prompt: answerOnce(password) }
      : false;
  }
}

/** Answers one hidden question once; anything else (a second factor, an echoed question) gets no password. */
function answerOnce(password: string) {
  let isAnswered = false;
  return (_name: string, _text: string, _language: string, prompts: Prompt[], finish: (answers: string[]) => void) => {
    const isPasswordPrompt = prompts.length === 1 && prompts[0]?.echo !== true && !isAnswered;
    isAnswered = true;
    finish(isPasswordPrompt ? [password] : prompts.map(() => ''));
  };
}
