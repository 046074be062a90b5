import type { PersonRecord, Request } from './person-record.ts';

/**
 * Takes everything out that is about the person. What is being sent at this moment stays as a stub without anything that
 * was typed until its call has ended: else the same words could be sent twice at once.
 */
export function erase(record: PersonRecord): PersonRecord {
  const requests = record.requests.flatMap((request): Request[] => {
    const attempts = request.attempts
      .filter(({ stage }) => stage.kind === 'sending')
      .map((attempt) => ({ ...attempt, erased: true as const }));
    const { id, message, answers } = request;
    // Which ticket it answers goes; that it is an answer stays, as it has other words.
    const kind = answers === undefined ? {} : { answers: '' };
    const stub = { id, ...kind, attempts, related: [], confirmed: [], textUntil: 0 };
    return attempts.length === 0 ? [] : [message === undefined ? stub : { ...stub, message }];
  });
  return { ...record, requests, notifications: [] };
}
