// The projections: how each is, and what can be done with it.

import { confirmed } from './confirm.js';
import { byId, keyed, make, setAttribute, setText, show, showProblem } from './dom.js';
import { count, duration, percent, plural, rate, time } from './format.js';
import { send } from './http.js';
import { announce, tell } from './speech.js';

const words = {
  live: 'live', behind: 'behind', building: 'building', paused: 'paused', stopped: 'stopped', unattended: 'nobody there',
};

const known = new Map();

export function showProjections({ value, error }) {
  showProblem(byId('projections-problem'), error);
  if (!value) return; // What was seen last stays, under the reason why it is old.
  const parked = value.reduce((sum, projection) => sum + projection.parked_count, 0);
  setText(byId('projections-note'),
    `${plural(value.length, 'projection')}${parked ? `, ${plural(parked, 'parked stream')}` : ''}`);
  keyed(byId('projection-list'), value, projection => projection.name, create, update);
}

function create({ name }) {
  const id = `projection-${name}`;
  const fact = label => [make('dt', {}, label), make('dd', {})];
  const facts = {
    lag: fact('Lag'), staleness: fact('Behind for'), pace: fact('Rate'), position: fact('Position'),
    store: fact('Store'), instances: fact('Instances'),
  };
  const action = (verb, label) => {
    const button = make('button', { type: 'button', 'data-verb': verb, 'aria-label': `${label} ${name}` }, label);
    button.addEventListener('click', () => act(name, verb));
    return button;
  };
  const card = make('li', { class: 'card', 'aria-labelledby': id },
    make('div', { class: 'title' },
      make('h3', { id }, name),
      make('span', { class: 'state' })),
    make('p', { class: 'problem', hidden: true }),
    make('dl', { class: 'numbers' }, ...Object.values(facts).map(pair => make('div', {}, ...pair))),
    make('div', { class: 'rebuild', hidden: true },
      make('label', { for: `${id}-rebuild` }, 'Rebuild'),
      make('progress', { id: `${id}-rebuild`, max: '1', value: '0' }),
      make('p', {})),
    make('details', { class: 'parked', hidden: true },
      make('summary', {}),
      make('ul', {}),
      make('p', { class: 'quiet' }),
      make('div', { class: 'buttons' }, action('retry', 'Retry all'))),
    make('div', { class: 'buttons' },
      action('pause', 'Pause'), action('resume', 'Resume'), action('rebuild', 'Rebuild')));
  card.facts = Object.fromEntries(Object.entries(facts).map(([key, [, value]]) => [key, value]));
  return card;
}

function update(card, projection) {
  const state = card.querySelector('.state');
  setAttribute(state, 'data-state', projection.state);
  setText(state, words[projection.state] ?? projection.state);
  showProblem(card.querySelector(':scope > .problem'), firstLine(projection.error));

  setText(card.facts.lag, count(projection.lag));
  setText(card.facts.staleness, projection.staleness === undefined ? '–' : duration(projection.staleness));
  setText(card.facts.pace, rate(projection.pace));
  setText(card.facts.position, `${count(projection.position)} of ${count(projection.head)}`);
  setText(card.facts.store, projection.store ? `${projection.store}, v${projection.version}` : '–');
  const fills = projection.instances.filter(instance => instance.fills).length;
  const stands = projection.instances.length - fills;
  setText(card.facts.instances, `${fills} filling${stands ? `, ${stands} standing by` : ''}`);
  setAttribute(card.facts.instances, 'title', projection.instances.map(instance => instance.name).join('\n') || null);

  updateRebuild(card.querySelector('.rebuild'), projection.rebuild);
  updateParked(card.querySelector('.parked'), projection);
  swap(card.querySelector('[data-verb=pause]'), card.querySelector('[data-verb=resume]'), projection.state === 'paused');
  sayChanges(projection);
}

/** Pause and resume take turns; the focus moves with them. */
function swap(pause, resume, paused) {
  const [shown, hidden] = paused ? [resume, pause] : [pause, resume];
  const focused = document.activeElement === hidden;
  show(shown, true);
  show(hidden, false);
  if (focused) shown.focus();
}

function updateRebuild(element, rebuild) {
  show(element, Boolean(rebuild));
  if (!rebuild) return;
  const [label, progress, line] = element.children;
  setText(label, `Build ${rebuild.number}, version ${rebuild.version}`);
  if (progress.value !== rebuild.progress) progress.value = rebuild.progress;
  setText(line, rebuild.error
    ? firstLine(rebuild.error)
    : [percent(rebuild.progress), rebuild.rate ? rate(rebuild.rate) : null,
      rebuild.seconds_left === undefined ? null : `${duration(rebuild.seconds_left)} left`].filter(Boolean).join(' · '));
}

function updateParked(details, { name, parked, parked_count: all }) {
  show(details, all > 0);
  setText(details.querySelector('summary'), plural(all, 'parked stream'));
  const rest = details.querySelector(':scope > p');
  show(rest, all > parked.length);
  setText(rest, `and ${count(all - parked.length)} more: cqrs projection parked ${name}`);
  keyed(details.querySelector('ul'), parked, stream => stream.stream,
    stream => createParked(name, stream.stream), updateParkedStream);
}

function createParked(name, stream) {
  const button = (verb, label) => {
    const element = make('button', { type: 'button', 'aria-label': `${label} ${stream}` }, label);
    element.addEventListener('click', () => act(name, verb, stream));
    return element;
  };
  return make('li', {},
    make('p', { class: 'name' }, stream),
    make('p', { class: 'quiet' }, make('span', {}), ' ', make('time', {})),
    make('pre', { tabindex: '0', 'aria-label': `Error of ${stream}` }),
    make('div', { class: 'buttons' }, button('retry', 'Retry'), button('skip', 'Skip event')));
}

function updateParkedStream(element, stream) {
  setText(element.querySelector('span'),
    `${stream.event_type}, version ${count(stream.version)}, position ${count(stream.position)},`);
  time(element.querySelector('time'), stream.parked_at);
  setText(element.querySelector('pre'), stream.error);
}

const questions = {
  pause: name => ({
    title: `Pause ${name}?`, verb: 'Pause',
    words: 'It stands still until it is resumed. Readers see it as it is now, and how old it is.',
  }),
  resume: name => ({ title: `Resume ${name}?`, verb: 'Resume', words: 'It goes on from where it stands.' }),
  rebuild: name => ({
    title: `Rebuild ${name}?`, verb: 'Rebuild',
    words: 'It is filled anew from the whole log, beside the live build, which readers see until the new one has caught '
      + 'up and takes its place.',
  }),
  retry: (name, stream) => stream
    ? { title: 'Retry this stream?', verb: 'Retry', words: `The events of ${stream} are applied to ${name} from where they stopped, in order.` }
    : { title: `Retry all parked streams of ${name}?`, verb: 'Retry all', words: 'Their events are applied from where they stopped, in order.' },
  skip: (name, stream) => ({
    title: 'Skip this event?', verb: 'Skip event',
    words: `The event that parked ${stream} is left out of ${name} for good, in later builds too. It is on record who did it.`,
  }),
};

async function act(name, verb, stream) {
  if (!await confirmed(questions[verb](name, stream))) return;
  try {
    const { words: outcome } = await send(`projections/${encodeURIComponent(name)}/${verb}`, stream ? { stream } : {});
    tell(outcome);
  } catch (error) {
    tell(error.message, true);
  }
}

/** For screen readers: states, not numbers. */
function sayChanges({ name, state, parked_count: parked, rebuild }) {
  const before = known.get(name);
  known.set(name, { state, parked, rebuilding: Boolean(rebuild) });
  if (!before) return;
  if (before.state !== state) announce(`${name} is ${words[state] ?? state}`);
  if (before.parked !== parked) announce(`${name} has ${plural(parked, 'parked stream')}`);
  if (before.rebuilding !== Boolean(rebuild)) announce(`${name}: rebuild ${rebuild ? 'started' : 'ended'}`);
}

const firstLine = text => text ? text.split('\n', 1)[0] : null;
