// Asks before anything is done. The dialog keeps the focus, Escape is "no", and the focus goes back where it was.

import { byId, setText } from './dom.js';

/** Resolves to whether the operator wants it. */
export function confirmed({ title, words, verb }) {
  const dialog = byId('confirm');
  setText(byId('confirm-title'), title);
  setText(byId('confirm-words'), words);
  setText(byId('confirm-yes'), verb);
  dialog.returnValue = 'no';
  return new Promise(resolve => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
    dialog.showModal();
    byId('confirm-no').focus();
  });
}
