// The console page: live state from Operations, and what an operator can do about it.

import { showActions } from './actions.js';
import { showAlerts } from './alerts.js';
import { byId, setAttribute, setText, show } from './dom.js';
import { startEvents } from './events.js';
import { showFailed } from './failed.js';
import { showFigures } from './figures.js';
import { ask, send } from './http.js';
import { follow } from './live.js';
import { showProjections } from './projections.js';
import { tell } from './speech.js';

async function start() {
  let session;
  try {
    session = await ask('session');
  } catch {
    setAttribute(byId('connection'), 'data-state', 'lost');
    setText(byId('connection'), 'Operations does not answer, trying again…');
    setTimeout(start, 3000);
    return;
  }
  setAttribute(document.body, 'data-may-act', String(session.may_act));
  show(byId('who'), session.signed_on);
  setText(byId('who').firstElementChild, `${session.name}${session.may_act ? '' : ', viewer'}`);
  const pulse = byId('servicepulse');
  show(pulse, Boolean(session.service_pulse));
  if (session.service_pulse) pulse.href = session.service_pulse;
  startEvents(session.dashboard);
  follow(snapshot => {
    showAlerts(snapshot.alerts);
    showFigures(snapshot.figures);
    showProjections(snapshot.projections);
    showFailed(snapshot.failed);
    showActions(snapshot.actions);
  });
}

byId('sign-out').addEventListener('click', async () => {
  try {
    await send('sign-out');
    location.assign('sign-in');
  } catch (error) {
    tell(error.message, true);
  }
});

start();
