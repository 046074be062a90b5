import { type Attempt, findAttempt, type PersonRecord, type Request, type Stage } from './person-record.ts';

/** The small changes of a record of which the transitions are made. Pure, as they are: each returns the record after it. */

export function requestOf(
  record: PersonRecord,
  { requestId, textUntil }: { readonly requestId: string; readonly textUntil: number },
): { readonly request: Request; readonly record: PersonRecord } {
  const request = record.requests.find(({ id }) => id === requestId);
  if (request) return { request, record };
  const added: Request = { id: requestId, attempts: [], related: [], confirmed: [], textUntil };
  return { request: added, record: { ...record, requests: [...record.requests, added] } };
}

export function replaceRequest(record: PersonRecord, request: Request): PersonRecord {
  return { ...record, requests: record.requests.map((other) => (other.id === request.id ? request : other)) };
}

export function setStage(record: PersonRecord, attemptId: string, stage: Stage, now: number): PersonRecord {
  return changeAttempt(record, attemptId, (attempt) => ({ ...attempt, stage, stageAt: now }));
}

export function changeAttempt(
  record: PersonRecord,
  attemptId: string,
  change: (attempt: Attempt) => Attempt,
): PersonRecord {
  const found = findAttempt(record, attemptId);
  if (!found) return record;
  const { request } = found;
  const attempts = request.attempts.map((attempt) => (attempt.id === attemptId ? change(attempt) : attempt));
  return replaceRequest(record, { ...request, attempts });
}

export function withoutAttempt(record: PersonRecord, request: Request, attemptId: string): PersonRecord {
  return replaceRequest(record, { ...request, attempts: request.attempts.filter(({ id }) => id !== attemptId) });
}

export function withAll(ids: string[], more: readonly string[]): string[] {
  const missing = more.filter((id) => !ids.includes(id));
  return missing.length === 0 ? ids : [...ids, ...new Set(missing)];
}
