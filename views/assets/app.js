// Everything here is a convenience: each page does its work without this file.

const live = document.getElementById('live');

/** Texts in the reader's language, which the page brings: `{count}` stands for a number. */
const texts = live?.dataset ?? {};
const language = document.documentElement.lang;
// Where the browser speaks the page's language, it knows better how its reader writes a date.
const dateLanguage = navigator.language.startsWith(language) ? undefined : language;

// The server writes times in the zone it is told of from now on.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.split('; ').includes(`tz=${zone}`)) {
  // biome-ignore lint/suspicious/noDocumentCookie: browsers have the Cookie Store over https only.
  document.cookie = `tz=${zone}; path=/; max-age=31536000; samesite=lax`;
}

/** Says a sentence to screen readers. */
function say(text) {
  if (live) live.textContent = text;
}

// Relative times in the reader's own zone, kept current.
const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });

function ago(date) {
  const seconds = Math.round((date - Date.now()) / 1000);
  const distance = Math.abs(seconds);
  if (distance < 45) return seconds > 5 ? texts.soon : texts.now;
  if (distance > 30 * 86_400) return date.toLocaleDateString(dateLanguage, { dateStyle: 'medium' });
  const [unit, size] = UNITS.find(([, length]) => distance >= length * 0.95) ?? ['minute', 60];
  return relative.format(Math.round(seconds / size) || Math.sign(seconds), unit);
}

function tellTimes(root = document) {
  for (const time of root.querySelectorAll('time[data-relative]')) {
    const date = new Date(time.dateTime);
    const text = ago(date);
    if (time.textContent !== text) time.textContent = text;
    time.title = date.toLocaleString(dateLanguage, { dateStyle: 'medium', timeStyle: 'short' });
  }
}

// A part with `data-live` is read again every so many seconds while the page is seen.
function startLive(part) {
  let failures = 0;
  const again = (seconds) => setTimeout(refresh, seconds * 1000);
  const read = async () => {
    try {
      const reply = await fetch(location.href, { headers: { accept: 'text/html', 'x-live': '1' }, redirect: 'error' });
      if (!reply.ok) throw new Error(String(reply.status));
      const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
      const fresh = page.getElementById(part.id);
      if (fresh) {
        patch(part, fresh);
        patchBeside(part, page);
      }
      failures = 0;
    } catch {
      failures += 1;
    }
  };
  const refresh = async () => {
    const seconds = Number(part.dataset.live);
    if (!seconds) return;
    // It hears by itself how far things are.
    if ('told' in part.dataset) return again(seconds);
    if (document.hidden || part.contains(document.activeElement?.closest('form:has(input:not([type=hidden]), select)') ?? null)) {
      return again(seconds);
    }
    await read();
    again(Math.min(60, seconds * 2 ** failures));
  };
  again(Number(part.dataset.live));
  part.addEventListener('stale', read);
}

/** Where it leads or what it sends, and its name: two with the same are the same. */
function whatItDoes(one) {
  const target = one.getAttribute('href') ?? one.closest('form')?.getAttribute('action') ?? one.closest('details')?.id;
  return `${target} ${one.getAttribute('aria-label') ?? one.textContent}`;
}

/** What stands elsewhere on the page and says the same as this part: how many of them there are. */
function patchBeside(part, page) {
  for (const one of document.querySelectorAll(`[data-beside="${CSS.escape(part.id)}"]`)) {
    const fresh = page.getElementById(one.id);
    if (fresh && one.innerHTML !== fresh.innerHTML) one.replaceChildren(...fresh.childNodes);
  }
}

/** Replaces what changed and keeps what the reader did: open details, the focus. */
function patch(part, fresh) {
  tellTimes(fresh);
  for (const name of ['live', 'moving']) {
    if (name in fresh.dataset) part.dataset[name] = fresh.dataset[name];
    else delete part.dataset[name];
  }
  for (const open of part.querySelectorAll('details[open][id]'))
    fresh.querySelector(`#${CSS.escape(open.id)}`)?.setAttribute('open', '');
  if (part.innerHTML === fresh.innerHTML) return void document.dispatchEvent(new CustomEvent('patched'));
  const focused = part.contains(document.activeElement) ? document.activeElement : undefined;
  const inside = focused?.closest('section');
  part.replaceChildren(...fresh.childNodes);
  if (focused) {
    const again = [...part.querySelectorAll('a[href], button, summary')].find((one) => whatItDoes(one) === whatItDoes(focused));
    // Never another button: who is about to press Cancel would stop something else.
    const near =
      (inside && [...part.querySelectorAll('h2')].find((one) => one.id === inside.getAttribute('aria-labelledby'))) ?? part;
    if (!again) near.tabIndex = -1;
    (again ?? near).focus({ preventScroll: true });
  }
  addCopyButtons(part);
  document.dispatchEvent(new CustomEvent('patched'));
}

// A button beside what one has to carry elsewhere.
function addCopyButtons(root) {
  if (!navigator.clipboard) return;
  for (const code of root.querySelectorAll('code[data-copy], .guide code')) {
    const wanted = code.hasAttribute('data-copy') || code.textContent.includes('://');
    if (!wanted || code.nextElementSibling?.classList.contains('copy')) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.textContent = texts.copy;
    button.setAttribute(
      'aria-label',
      texts.copyWhat.replace('{text}', () => code.textContent),
    );
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = texts.copied;
      say(texts.copied);
      setTimeout(() => {
        button.textContent = texts.copy;
      }, 2000);
    });
    code.after(button);
  }
}

// A form that takes a while says so, and is not sent twice.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!form.matches('[data-once]')) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = '1';
  const button = event.submitter ?? form.querySelector('button');
  if (!button?.dataset.busy) return;
  button.dataset.idle = button.textContent;
  button.textContent = button.dataset.busy;
  button.setAttribute('aria-busy', 'true');
  say(button.dataset.busy);
});

// Coming back with the browser's own button shows the page as it was left.
addEventListener('pageshow', (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll('[data-sent]')) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll('[data-idle]')) {
      button.textContent = button.dataset.idle;
      button.removeAttribute('aria-busy');
    }
  }
});

// A menu closes on Escape and on a click beside it.
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of document.querySelectorAll('.menu[open]')) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});
document.addEventListener('click', (event) => {
  for (const menu of document.querySelectorAll('.menu[open]')) if (!menu.contains(event.target)) menu.open = false;
});

// After a mistake the first field at fault has the focus; after anything else that was done, its sentence.
const wrong = document.querySelector('.wrong :is(input, select, textarea)') ?? document.querySelector('[role=alert]');
(wrong ?? document.querySelector('[data-flash]'))?.focus({ preventScroll: !wrong });

tellTimes();
setInterval(tellTimes, 30_000);
addCopyButtons(document);
for (const part of document.querySelectorAll('[data-live]')) startLive(part);
