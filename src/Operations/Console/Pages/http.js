// Calls to Operations. An error says what the answer says.

/** Asks for JSON; throws an Error whose message is for the operator. */
export async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { ...options, headers: { Accept: 'application/json', ...options.headers } });
  } catch {
    throw new Error('Operations does not answer.');
  }
  if (response.status === 401) {
    location.assign(`sign-in?to=${encodeURIComponent(location.pathname + location.hash)}`);
    throw new Error('You are not signed on any more.');
  }
  const answer = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) throw new Error(answer?.detail ?? `Operations answered with ${response.status}.`);
  return answer;
}

export const send = (path, body = {}) =>
  ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
