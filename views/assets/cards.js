// Cards are narrowed down as one types and chooses; the button asks the server, which finds the same.

const form = document.querySelector('[data-sought]');
const live = document.getElementById('live');
const nothing = document.getElementById('nothing');

function sought() {
  const { q, state, category } = Object.fromEntries(new FormData(form));
  return { words: q.toLowerCase().split(/\s+/).filter(Boolean), state, category };
}

function narrow() {
  const { words, state, category } = sought();
  let shown = 0;
  for (const section of document.querySelectorAll('.category')) {
    let here = 0;
    for (const card of section.querySelectorAll('.card')) {
      const fits = state === '' || card.dataset.kinds.split(' ').includes(state);
      card.hidden = !fits || !words.every((word) => card.dataset.search.includes(word));
      if (!card.hidden) here += 1;
    }
    section.hidden = here === 0 || (category !== '' && category !== section.dataset.category);
    shown += section.hidden ? 0 : here;
  }
  nothing.hidden = shown > 0;
  return { shown, all: words.length === 0 && state === '' && category === '' };
}

/** Going back, and loading again, find the same cards. */
function remember() {
  const kept = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ''));
  history.replaceState(history.state, '', `${location.pathname}${kept.size > 0 ? `?${kept}` : ''}`);
}

let telling;
form?.addEventListener('input', () => {
  const { shown, all } = narrow();
  clearTimeout(telling);
  telling = setTimeout(() => {
    remember();
    live.textContent = all ? '' : live.dataset.found.replace('{count}', shown);
  }, 300);
});
document.addEventListener('patched', () => form && narrow());
document.addEventListener('keydown', (event) => {
  if (!form || event.key !== '/' || event.target.closest('input, textarea, select')) return;
  event.preventDefault();
  form.elements.q.focus();
});
// The browser puts back what was typed before, without a word to the page.
addEventListener('pageshow', () => form && narrow());
