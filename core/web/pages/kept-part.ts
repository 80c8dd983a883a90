import type { Shell } from '../view-models/pages.ts';

/** Stand where each answer has its own; no person can type them. */
const CSRF = '\u0001csrf\u0001';
const NONCE = '\u0001nonce\u0001';
const MOST_FRAMES = 20;

type Pieces = readonly (readonly string[])[];

/**
 * What a page says, made once for all who may see the same, and the whole page, made once for each of them: what belongs to a
 * session, or to one answer, is put in each time.
 */
export class KeptPart {
  readonly #part: string;
  readonly #framed = new Map<string, Pieces>();

  /** @param make gets a shell that holds nothing of anybody */
  constructor(make: (shell: Shell) => string) {
    this.#part = make({ csrf: CSRF, nonce: NONCE, title: '' });
  }

  /** @param frame puts what surrounds every page around this part */
  framed(shell: Shell, frame: (part: string, shell: Shell) => string): string {
    const { csrf, nonce = '', ...shown } = shell;
    const key = JSON.stringify(shown);
    const pieces = this.#framed.get(key) ?? piecesOf(frame(this.#part, { ...shown, csrf: CSRF, nonce: NONCE }));
    // A sentence left by the page before is shown once.
    if (!shell.flash && this.#framed.size < MOST_FRAMES) this.#framed.set(key, pieces);
    return pieces.map((piece) => piece.join(csrf)).join(nonce);
  }
}

function piecesOf(html: string): Pieces {
  return html.split(NONCE).map((piece) => piece.split(CSRF));
}
