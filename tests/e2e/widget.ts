// The widget as a person finds it in a page: by roles and names, through its shadow root.
import type { Locator, Page } from '@playwright/test';

/** One widget of a page. */
export class Widget {
  readonly opener: Locator;
  readonly panel: Locator;
  readonly field: Locator;

  constructor(readonly page: Page) {
    this.opener = page.getByRole('button', { name: 'Open chat' });
    this.panel = page.getByRole('dialog');
    this.field = this.panel.getByRole('textbox');
  }

  async open(): Promise<void> {
    await this.opener.click();
    await this.field.waitFor();
  }

  async send(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press('Enter');
  }

  button(name: string): Locator {
    return this.panel.getByRole('button', { name, exact: true });
  }
}

/** What the page's console says from now on. */
export function consoleOf(page: Page): string[] {
  const lines: string[] = [];
  page.on('console', (message) => lines.push(message.text()));
  page.on('pageerror', (error) => lines.push(`uncaught: ${error.message}`));
  return lines;
}
