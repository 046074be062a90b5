import { expect, test } from 'vitest';
import { ADA, createDesk } from './desk-harness.ts';

const ABOUT = { kind: 'link-decided', approved: true } as const;

async function createWaiting() {
  const { notifications, records } = await createDesk();
  await notifications.add(ADA.id, 'first', ABOUT);
  const waiting = async () => {
    const found = await records.find(ADA.id);
    return found.notifications.map(({ id }) => id).filter((id) => !notifications.isInDelivery(ADA.id, id));
  };
  return { notifications, waiting };
}

test('a notification that is being told in another way is not told at a command as well, and gone after it', async () => {
  const { notifications, waiting } = await createWaiting();
  await notifications.add(ADA.id, 'second', ABOUT);
  let seenMeanwhile: string[] = [];
  await notifications.tell(ADA.id, 'first', async () => {
    seenMeanwhile = await waiting();
    // A second try at the same moment tells nothing.
    await notifications.tell(ADA.id, 'first', () => Promise.reject(new Error('told twice')));
  });
  expect(seenMeanwhile).toEqual(['second']);
  expect(await waiting()).toEqual(['second']);
});

test('a notification that could not be told in another way stays for the next command', async () => {
  const { notifications, waiting } = await createWaiting();
  const refused = new Error('The person takes no messages');
  await expect(notifications.tell(ADA.id, 'first', () => Promise.reject(refused))).rejects.toBe(refused);
  expect(await waiting()).toEqual(['first']);
});

test('a notification that was told at a command is not told in another way', async () => {
  const { notifications } = await createWaiting();
  await notifications.remove(ADA.id, 'first');
  await notifications.tell(ADA.id, 'first', () => Promise.reject(new Error('told twice')));
});
