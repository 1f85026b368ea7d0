// The line to Operations: a snapshot whenever something has changed, a sign of life in between.

import { byId, setAttribute, setText } from './dom.js';
import { ask } from './http.js';

const silence = 25000; // two heartbeats and a bit
let timer = null;

/** Calls back with each snapshot, for ever; says in the header how the line is. */
export function follow(onSnapshot) {
  const source = new EventSource('live');
  const heard = () => {
    say('live', 'Live');
    clearTimeout(timer);
    timer = setTimeout(() => again(source, onSnapshot), silence);
  };
  source.addEventListener('open', heard);
  source.addEventListener('alive', heard);
  source.addEventListener('snapshot', event => {
    heard();
    onSnapshot(JSON.parse(event.data));
  });
  source.addEventListener('error', () => {
    clearTimeout(timer);
    say('lost', 'Connection lost, trying again…');
    // The browser tries again by itself, unless it was refused: then the page does.
    if (source.readyState === EventSource.CLOSED) timer = setTimeout(() => again(source, onSnapshot), 3000);
    else timer = setTimeout(() => again(source, onSnapshot), silence);
  });
}

async function again(source, onSnapshot) {
  source.close();
  say('lost', 'Connection lost, trying again…');
  try {
    await ask('session'); // goes to the sign-in page where that is what is missing
  } catch {
    timer = setTimeout(() => again(source, onSnapshot), 3000);
    return;
  }
  follow(onSnapshot);
}

function say(state, words) {
  const connection = byId('connection');
  setAttribute(connection, 'data-state', state);
  setText(connection, words);
}
