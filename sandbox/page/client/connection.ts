import type {
  Act,
  ActResult,
  FaultGroupView,
  InspectorView,
  PersonChoice,
  PersonView,
  SupportAct,
} from '../protocol.ts';

/** What the server tells by itself. */
export interface Told {
  discord(view: PersonView): void;
  inspector(view: InspectorView): void;
  faults(groups: readonly FaultGroupView[]): void;
  connected(isConnected: boolean): void;
  /** The sandbox was started anew: this world is no more. */
  over(): void;
}

/** Follows the world as one person until `close` is called; the browser reconnects by itself. */
export function follow(personId: string, told: Told): { close(): void } {
  const stream = new EventSource(`/events?person=${encodeURIComponent(personId)}`);
  stream.addEventListener('open', () => told.connected(true));
  stream.addEventListener('error', () => told.connected(false));
  stream.addEventListener('discord', ({ data }) => told.discord(JSON.parse(data)));
  stream.addEventListener('inspector', ({ data }) => told.inspector(JSON.parse(data)));
  stream.addEventListener('faults', ({ data }) => told.faults(JSON.parse(data)));
  stream.addEventListener('over', () => told.over());
  return { close: () => stream.close() };
}

export async function fetchPeople(): Promise<PersonChoice[]> {
  return (await fetch('/people')).json();
}

/** Does something as a person. Rejects only when the sandbox itself is gone. */
export async function sendAct(personId: string, act: Act): Promise<ActResult> {
  return (await post('/acts', { personId, act })).json();
}

export async function setSwitch(name: string, isOn: boolean): Promise<void> {
  await post('/switches', { name, isOn });
}

/** Does something at the helpdesk as its support. */
export async function sendSupportAct(act: SupportAct): Promise<void> {
  await post('/tickets', act);
}

/** Turns off everything that is on. */
export async function resetSwitches(): Promise<void> {
  await post('/reset', {});
}

async function post(path: string, body: unknown): Promise<Response> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return response;
}
