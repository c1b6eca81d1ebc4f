import { toLink } from './link.ts';
import type { Shared } from './shared.ts';

/** A button that makes a link, and the line that says what came of it. */
export interface ShareButton {
  readonly button: HTMLButtonElement;
  /** A line for readers of screens too; empty at first. To be placed near the button. */
  readonly status: HTMLElement;
}

/**
 * A button that puts the link to a program into the address and onto the clipboard. Where the clipboard is out of reach the link is shown,
 * selected, to be copied by hand. Nothing is sent anywhere: the program is the part after `#`, which browsers keep to themselves.
 *
 * @param shared The program as it is when the button is pressed.
 */
export function shareButton(shared: () => Shared): ShareButton {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Copy link' });
  const status = Object.assign(document.createElement('p'), { className: 'share-status' });
  status.setAttribute('role', 'status');
  const copy = async (): Promise<void> => {
    status.replaceChildren();
    let address: string;
    try {
      address = `${location.href.split('#')[0]}#${toLink(shared())}`;
    } catch (error) {
      status.textContent = (error as Error).message;
      return;
    }
    history.replaceState(history.state, '', address);
    try {
      await navigator.clipboard.writeText(address);
      status.textContent = `The link is on the clipboard: ${address.length.toLocaleString('en')} characters that hold the whole program.`;
    } catch {
      const field = Object.assign(document.createElement('input'), { value: address, readOnly: true });
      field.setAttribute('aria-label', 'Link to this program');
      status.replaceChildren('Copy this link: ', field);
      field.select();
    }
  };
  button.addEventListener('click', () => void copy());
  return { button, status };
}
