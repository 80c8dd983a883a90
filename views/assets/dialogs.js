// A link with `data-dialog` leads to a page that asks something. Where this runs, it is asked in a dialog.

// Whoever clicks twice asks once: a second press would open another dialog, or close this one as a press beside it does.
const DOUBLE_CLICK_MS = 600;
let asked = false;

document.addEventListener('click', async (event) => {
  const link = event.target.closest('a[data-dialog]');
  const elsewhere = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  if (!link || elsewhere || event.defaultPrevented) return;
  event.preventDefault();
  if (asked) return;
  asked = true;
  try {
    const reply = await fetch(link.href, { headers: { accept: 'text/html', 'x-live': '1' }, redirect: 'error' });
    if (!reply.ok) throw new Error(String(reply.status));
    ask(new DOMParser().parseFromString(await reply.text(), 'text/html'), link);
  } catch {
    asked = false;
    // The page says what is the matter.
    location.assign(link.href);
  }
});

function ask(page, link) {
  const dialog = document.createElement('dialog');
  dialog.className = 'dialog';
  dialog.setAttribute('aria-labelledby', 'dialog-title');
  setTimeout(() => dialog.setAttribute('closedby', 'any'), DOUBLE_CLICK_MS);
  const title = document.createElement('h2');
  title.id = 'dialog-title';
  // Read from its beginning: the browser would go to the first input, past what will be lost.
  title.tabIndex = -1;
  title.autofocus = true;
  title.textContent = page.querySelector('main h1').textContent;
  dialog.append(title, ...page.querySelector('main section.panel').childNodes);
  dialog.addEventListener('click', (event) => {
    const leaves = event.target.closest('a[href]');
    if (!leaves || leaves.pathname !== link.pathname.replace(/\/[^/]+$/, '')) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.addEventListener('close', () => {
    asked = false;
    dialog.remove();
  });
  document.body.append(dialog);
  dialog.showModal();
}
