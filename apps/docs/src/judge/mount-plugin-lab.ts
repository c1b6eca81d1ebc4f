import { mountEditor } from '../editor/index.ts';
import { element } from '../loss-lab/element.ts';
import { fromLink, shareButton } from '../share/index.ts';
import { loadPlugin, type LoadedPlugin } from './load-plugin.ts';
import { programText } from './program-text.ts';

const pluginFile = 'plugin.ts';

/** Puts a place for a plugin into an element: paste a module, load it, and its losses appear in a lab below. */
export function mountPluginLab(place: HTMLElement): () => void {
  let plugin: LoadedPlugin | undefined;
  let disposeLab: (() => void) | undefined;
  let gone = false;
  const load = element('button', { type: 'button', class: 'judge-main' }, 'Load into the lab');
  const status = element('p', { class: 'judge-status', role: 'status' });
  const area = element('div', { class: 'judge-editor' });
  const lab = element('div', { class: 'judge-lab' });
  const say = (text: string, wrong = false): void => {
    status.textContent = text;
    status.classList.toggle('judge-wrong', wrong);
  };
  const editor = mountEditor(area, {
    code: openLink(say) ?? programText(pluginFile),
    label: 'The plugin',
    file: pluginFile,
    onRun: () => load.click(),
  });
  const share = shareButton(() => ({
    page: 'judge',
    files: { [pluginFile]: editor.code },
    entry: pluginFile,
    options: {},
  }));
  const close = (): void => {
    disposeLab?.();
    plugin?.close();
    [disposeLab, plugin] = [undefined, undefined];
  };

  const start = async (): Promise<void> => {
    load.disabled = true;
    close();
    lab.replaceChildren();
    say('Loading the plugin into a sandbox …');
    try {
      const [loaded, { mountLossLab }] = await Promise.all([loadPlugin(editor.code), import('../loss-lab/index.ts')]);
      plugin = loaded;
      if (gone) return close();
      const { losses } = loaded;
      if (losses.length === 0) return say('The plugin has no losses, so there is nothing to see in the lab.', true);
      say(`Loaded: ${losses.join(', ')}. They run in a sandbox, on cpu.`);
      disposeLab = mountLossLab(lab, { unit: losses[0]!, foreign: loaded });
    } catch (error) {
      say(`The plugin could not be loaded: ${(error as Error).message}`, true);
    } finally {
      load.disabled = false;
    }
  };
  load.addEventListener('click', () => void start());

  const bar = element('div', { class: 'judge-bar' }, element('span', { class: 'judge-buttons' }, load, share.button));
  place.append(element('div', { class: 'judge' }, bar, status, share.status, area, lab));
  return () => {
    gone = true;
    close();
    editor.dispose();
    place.replaceChildren();
  };
}

/** The plugin of a link, if it is to one. A damaged link is spoken of by the judge, above. */
function openLink(say: (text: string) => void): string | undefined {
  try {
    const shared = fromLink(location.hash);
    if (shared?.page !== 'judge' || shared.entry !== pluginFile) return undefined;
    say('This plugin came with a link and has not been run. Read it, then press Load into the lab.');
    return shared.files[pluginFile];
  } catch {
    return undefined;
  }
}
