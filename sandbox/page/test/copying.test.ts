import { expect, test } from 'vitest';
import { describeInBrowser, openPage, type PageUnderTest, useBrowser } from './page-under-test.ts';

/** Asks for a code, and goes to where its mail arrives. @returns The mail on the page. */
async function askForCode({ page, form, command, tab }: PageUnderTest, email: string) {
  await command('link');
  await form.getByRole('textbox', { name: 'Email you use at' }).fill(email);
  await form.getByRole('button', { name: 'Submit' }).click();
  await tab('Mailbox');
  return page.getByRole('article', { name: `Mail to ${email}` });
}

describeInBrowser('copying a code', () => {
  useBrowser();

  test('says where one clicked that it was copied', async () => {
    const it = await openPage();
    const mail = await askForCode(it, 'ada@example.org');
    await mail.getByRole('button', { name: /^Copy code/ }).click();
    // Seen and not just there: what only screen readers read is one pixel wide.
    const said = mail.getByText('Copied');
    await said.waitFor();
    expect((await said.boundingBox())?.width).toBeGreaterThan(30);
    expect(await mail.getByRole('button').textContent()).toContain(await it.clipboard());
  });

  test('says so where the browser forbids it', async () => {
    const it = await openPage({ mayCopy: false });
    const mail = await askForCode(it, 'ada@example.org');
    await mail.getByRole('button', { name: /^Copy code/ }).click();
    const said = mail.getByText('This browser does not let a page copy');
    await said.waitFor();
    expect((await said.boundingBox())?.width).toBeGreaterThan(30);
    expect(await mail.getByText('Copied').count()).toBe(0);
  });
});
