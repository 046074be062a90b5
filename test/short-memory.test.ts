import { expect, test, vi } from 'vitest';
import { ShortMemory } from '../src/short-memory.ts';

test('everything is forgotten ten seconds after the first of it was remembered', () => {
  vi.useFakeTimers();
  try {
    const memory = new ShortMemory<number>();
    memory.set('ada', 1);
    vi.advanceTimersByTime(9_999);
    memory.set('bob', 2);
    expect([memory.get('ada'), memory.get('bob')]).toEqual([1, 2]);
    vi.advanceTimersByTime(1);
    expect([memory.get('ada'), memory.get('bob')]).toEqual([undefined, undefined]);
    memory.set('ada', 3);
    vi.advanceTimersByTime(10_000);
    expect(memory.get('ada')).toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});

test('a crowd is not remembered as a whole, and the last one always is', () => {
  const memory = new ShortMemory<number>();
  const names = Array.from({ length: 10_000 }, (_, index) => `person${index}`);
  for (const [index, name] of names.entries()) {
    memory.set(name, index);
    expect(memory.get(name)).toBe(index);
  }
  expect(names.filter((name) => memory.get(name) !== undefined).length).toBeLessThanOrEqual(128);
});
