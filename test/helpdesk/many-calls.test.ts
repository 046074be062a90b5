import { expect, onTestFinished, test } from 'vitest';
import { clientOf, helpdeskForTest, REQUEST } from './helpdesk-harness.ts';

test('thirty calls at once say nothing on stderr', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => warnings.push(warning);
  process.on('warning', note);
  onTestFinished(() => void process.off('warning', note));
  const helpdesk = await helpdeskForTest();
  const client = clientOf(helpdesk.url);
  const results = await Promise.all(Array.from({ length: 30 }, () => client.openTicket(REQUEST)));
  expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['opened']));
  expect(warnings).toEqual([]);
});
