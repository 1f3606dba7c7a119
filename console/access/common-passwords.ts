// The few passwords of twelve characters and more that are tried first everywhere. No other rule: length is what counts.

/** Lower case. From what lists of leaked passwords agree on, cut to those that are long enough to be taken here. */
const COMMON: ReadonlySet<string> = new Set(
  `123456789012 1234567890123 12345678901234 123456789123 1234567891011 0123456789012 012345678910 987654321098 123123123123
  qwertyuiop12 qwertyuiop123 qwertyuiop1234 qwertyuiop[] 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1qaz2wsx3edc 1qaz2wsx3edc4rfv qazwsxedcrfv
  zaq12wsxcde3 asdfghjkl123 asdfghjkl;'\\ qwertyqwerty qwerty123456 qwerty1234567 qwertz123456 zxcvbnm12345 abcdefghijkl abcdefghijklm
  abcdefgh1234 abcd12345678 abc123456789 a1b2c3d4e5f6 password1234 password12345 password123456 passwordpassword password2024
  password2025 password2026 password@123 p@ssw0rd1234 p@ssword1234 passw0rd1234 passw0rd123! password123! password1234! mypassword12
  mypassword123 letmeinletmein letmein12345 letmeinplease welcome12345 welcome123456 welcome@1234 welcome2024! welcome2025! welcome2026!
  administrator administrator1 admin1234567 admin12345678 adminadmin12 adminadminadmin admin@123456 changeme1234 changemechangeme
  changemenow1 iloveyou1234 iloveyouiloveyou iloveyou12345 iloveyouforever trustno1trustno1 football1234 baseball1234 superman1234
  princess1234 sunshine1234 monkeymonkey dragondragon masterpassword supersecret1 secretsecret topsecret123 companyname1 testtesttest
  test12345678 testpassword defaultpassword temppassword temporary123 summer202400 correcthorsebatterystaple passwort1234 passwort12345
  hallohallo12 willkommen12 willkommen123 schatzischatzi ichliebedich geheim123456 fussball1234 sommer202400`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

/** A few characters over and over: "aaaaaaaaaaaa", "abcabcabcabc". */
const REPEATED = /^(.{1,4}?)\1+$/su;

export const isCommonPassword = (password: string): boolean =>
  COMMON.has(password.toLowerCase()) || REPEATED.test(password.toLowerCase());
