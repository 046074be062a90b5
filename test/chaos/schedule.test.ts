import { expect, test } from 'vitest';
import { digestOf, isStopped, planChaos } from '../../sandbox/chaos/schedule.ts';
import { TICKET_POST_FAULTS } from '../../sandbox/helpdesk/ticket-post-faults.ts';
import { VIEW_TICKET_FAULTS } from '../../sandbox/helpdesk/view-ticket-faults.ts';

test('the same seed gives the same schedule, another seed another one', () => {
  const lives = planChaos('a seed', 50);
  expect(planChaos('a seed', 50)).toEqual(lives);
  expect(digestOf(planChaos('a seed', 50))).toBe(digestOf(lives));
  expect(digestOf(planChaos('another seed', 50))).not.toBe(digestOf(lives));
  // A short run is the beginning of a long one.
  expect(planChaos('a seed', 300).slice(0, lives.length)).toEqual(lives);
});

test('a server is away for 20 s, processes sleep for longer than their lease, and some are updated without a gap', () => {
  const lives = planChaos('a seed', 300, { isShared: true, awayMs: 20_000, leaseMs: 2500 });
  const suffering = lives.filter(({ outage }) => outage !== undefined);
  const outages = suffering.flatMap(({ outage }) => outage ?? []);
  const away = outages.filter((outage) => outage.kind === 'store-away');
  expect(away.some(({ forMs }) => forMs === 20_000)).toBe(true);
  expect([...new Set(away.map(({ how }) => how))].sort()).toEqual(['crashed', 'frozen', 'stopped']);
  const sleeps = outages.filter((outage) => outage.kind === 'sleep');
  expect(Math.min(...sleeps.map(({ forMs }) => forMs))).toBeGreaterThan(2500);
  expect([...new Set(sleeps.map(({ isDuringCall }) => isDuringCall))].sort()).toEqual([false, true]);
  // A bot that is dead before it is put to sleep meets nothing.
  expect(suffering.filter(({ death }) => death.at === 'young')).toEqual([]);
  expect(lives.some(({ death }) => death.at === 'update')).toBe(true);
  expect(lives.filter((life) => !isStopped(life))).toHaveLength(300);
});

test('a schedule has as many kills as were asked for, and every kind of fault', () => {
  const lives = planChaos('a seed', 300);
  expect(lives.filter((life) => !isStopped(life))).toHaveLength(300);
  expect(lives.some(isStopped)).toBe(true);
  const kinds = (values: readonly string[]) => [...new Set(values)].sort();
  expect(kinds(lives.map(({ death }) => death.at))).toEqual(['moment', 'time', 'write', 'young']);
  expect(kinds(lives.flatMap(({ faults }) => faults.map(({ kind }) => kind)))).toEqual([
    ...['discord', 'helpdesk', 'helpdesk-down', 'redelivery'],
  ]);
  // What the promise names: hanging, a reset before and after the creation, rubbish, sessions that expire, and on the side of
  // Discord acknowledgements and a gateway that get lost.
  expect(kinds(lives.flatMap(({ outage }) => outage?.kind ?? []))).toEqual(['sleep']);
  const faults = lives.flatMap(({ faults }) => faults.flatMap((one) => ('fault' in one ? [one.fault] : [])));
  // What answers meet: each fault of a post and of a look.
  expect(faults).toEqual(expect.arrayContaining(Object.keys({ ...TICKET_POST_FAULTS, ...VIEW_TICKET_FAULTS })));
  expect(faults).toEqual(
    expect.arrayContaining([
      ...[
        'hang',
        'open-then-hang',
        'reset',
        'open-then-reset',
        'open-then-html',
        'json',
        'expired-nil',
        'expired-fault',
      ],
      ...[
        'callback-reset-before',
        'callback-reset-after',
        'callback-500-after',
        'gateway-dropped',
        'gateway-session-lost',
        'message-reset-after',
      ],
    ]),
  );
});
