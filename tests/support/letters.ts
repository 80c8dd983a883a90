import { Letters } from '../../core/mail/letters.ts';
import { packageFolder } from '../../core/web/package-folder.ts';
import { wordsIn } from '../../core/web/words/mail-words.ts';

export { wordsIn };

/** The hub's mails, of a product called Acme Connect. */
export const testLetters = new Letters({
  folder: packageFolder('views/mails'),
  brand: { name: 'Acme Connect', logoUrl: undefined, color: undefined },
  wordsIn,
});
