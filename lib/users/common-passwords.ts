/** Words and keyboard walks that people build passwords on; compared after undoing the usual disguises. */
const COMMON = new Set(
  `password passwort passwords passphrase kennwort motdepasse contrasena senha welcome willkommen bienvenue benvenuto
  letmein letmeinnow iloveyou iloveu loveyou admin administrator adminadmin root superuser login signin changeme changemenow
  secret topsecret supersecret mysecret default guest test testing tester testtest demo example sample temp temporary
  qwerty qwertz azerty qwertyuiop qwertyui qwertzuiop azertyuiop qwertyqwerty asdf asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx
  qazwsxedc wsxedc abcd abcde abcdef abcdefg abcdefgh abcdefghijkl abcabc aaaaaa master dragon monkey football baseball
  basketball soccer hockey princess sunshine shadow superman batman spiderman starwars pokemon michael jordan jennifer
  jessica ashley daniel andrew thomas charlie matthew nicole samantha freedom trustno computer internet whatever summer
  winter spring autumn january february march april june july august september october november december monday tuesday
  wednesday thursday friday saturday sunday company business office house family mother father flower butterfly cookie
  banana chocolate purple orange yellow diamond golden silver killer hunter ranger harley mustang ferrari corvette
  mercedes maverick phoenix tigger ginger pepper buster bailey maggie hello hellohello helloworld hallo access accessme
  passw pass mypass mypassword thepassword newpassword oldpassword userpassword user username account server database
  openrouter openrouterkey monitor apikey token linux windows google github facebook amazon microsoft apple android
  america england london paris berlin italia juventus liverpool chelsea arsenal barcelona madrid`.split(/\s+/),
);

const DISGUISES: Record<string, string> = {
  "@": "a",
  "4": "a",
  "3": "e",
  "1": "i",
  "!": "i",
  "0": "o",
  $: "s",
  "5": "s",
  "7": "t",
};

/** Whether a password is a common word dressed up: other case, `@` for `a`, a year or `!!!` around it, or said twice. */
export function isCommonPassword(password: string): boolean {
  const lower = password.toLowerCase();
  return [lower, undisguised(lower), undisguised(trimmed(lower))].some((text) => {
    const word = trimmed(text).replace(/[^a-z]/g, "");
    return word === "" || COMMON.has(word) || COMMON.has(half(word)) || /^(.)\1*$/.test(word);
  });
}

const trimmed = (text: string): string => text.replace(/^[^a-z]+|[^a-z]+$/g, "");
const undisguised = (text: string): string => [...text].map((letter) => DISGUISES[letter] ?? letter).join("");
/** The first half of a text that is its own repetition. */
const half = (word: string): string => {
  const middle = word.length / 2;
  return word.slice(0, middle) === word.slice(middle) ? word.slice(0, middle) : word;
};
