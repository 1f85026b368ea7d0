// Asks before anything is done. The dialog keeps the focus, Escape is "no", and the focus goes back where it was.

import { byId, setText } from './dom.js';

let answer = () => {};

/** Resolves to whether the operator wants it. Who asks again before the last answer came has that one's "no". */
export function confirmed({ title, words, verb }) {
  const dialog = byId('confirm');
  setText(byId('confirm-title'), title);
  setText(byId('confirm-words'), words);
  setText(byId('confirm-yes'), verb);
  dialog.returnValue = 'no';
  answer(false);
  return new Promise(resolve => {
    answer = resolve;
    // The event of a dialog that was closed comes a little later: by then it may be open again.
    dialog.onclose = () => { if (!dialog.open) answer(dialog.returnValue === 'yes'); };
    dialog.showModal();
    byId('confirm-no').focus();
  });
}
