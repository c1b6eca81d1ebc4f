import { element } from '../loss-lab/element.ts';

/** Files that the reader gave the playground. */
export interface OwnFiles {
  readonly view: HTMLElement;
  /** By the name that programs fetch. */
  data(): Record<string, Uint8Array>;
  /** Takes files that are dropped on an element; the returned function stops that. */
  takeFrom(zone: HTMLElement): () => void;
}

const FOLDER = 'data/mine/';
const LARGEST = 256 * 2 ** 20;

/**
 * The reader's own images and vectors: they stay in this page's memory, and programs fetch them as `data/mine/…`, or by
 * their names alone.
 *
 * @param use Asked to put lines into the program that read a file.
 */
export function ownFiles(use: (lines: string) => void): OwnFiles {
  const files = new Map<string, Uint8Array>();
  const list = element('ul', { class: 'play-files' });
  const status = element('p', { role: 'status', class: 'play-files-status' });
  const input = element('input', {
    type: 'file',
    multiple: true,
    accept: 'image/*,.npy,.csv,.json,.txt,.simile',
    class: 'play-pick',
  });
  const label = element('label', { class: 'play-drop' }, 'Drop images, .npy, .csv or .json here, or choose', input);

  const show = (): void => {
    list.replaceChildren(
      ...[...files].map(([name, bytes]) => {
        const insert = element('button', { type: 'button', 'aria-label': `Read ${name} in the program` }, 'Use');
        insert.addEventListener('click', () => use(linesFor(name)));
        const remove = element('button', { type: 'button', 'aria-label': `Remove ${name}` }, '×');
        remove.addEventListener('click', () => {
          files.delete(name);
          show();
        });
        return element('li', {}, element('code', {}, name), ` ${sizeText(bytes.length)} `, insert, remove);
      }),
    );
  };
  const take = async (given: readonly File[]): Promise<void> => {
    const refused: string[] = [];
    for (const file of given) {
      if (file.size > LARGEST) refused.push(file.name);
      else files.set(FOLDER + file.name, new Uint8Array(await file.arrayBuffer()));
    }
    status.textContent = refused.length > 0 ? `Larger than ${sizeText(LARGEST)}, not taken: ${refused.join(', ')}` : '';
    show();
  };
  input.addEventListener('change', () => {
    void take([...(input.files ?? [])]);
    input.value = '';
  });

  return {
    view: element('section', { class: 'play-own', 'aria-label': 'Your files' }, label, list, status),
    data: () =>
      Object.fromEntries(
        [...files].flatMap(([name, bytes]) => [
          [name, bytes],
          [name.slice(FOLDER.length), bytes],
        ]),
      ),
    takeFrom(zone) {
      const over = (event: DragEvent): void => {
        if (!event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        zone.classList.toggle('play-over', event.type === 'dragover');
      };
      const drop = (event: DragEvent): void => {
        over(event);
        zone.classList.remove('play-over');
        if (event.dataTransfer?.files.length) void take([...event.dataTransfer.files]);
      };
      zone.addEventListener('dragover', over);
      zone.addEventListener('dragleave', over);
      // Before the editor, which would take a dropped file for text.
      zone.addEventListener('drop', drop, true);
      return () => {
        zone.removeEventListener('dragover', over);
        zone.removeEventListener('dragleave', over);
        zone.removeEventListener('drop', drop, true);
      };
    },
  };
}

function sizeText(bytes: number): string {
  return bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 2 ** 20).toFixed(1)} MB`;
}

/** Lines of a program that read a file of this kind. */
function linesFor(name: string): string {
  const response = `await fetch(${JSON.stringify(name)})`;
  switch (name.split('.').at(-1)!.toLowerCase()) {
    case 'npy':
      return `import { readNpy } from '@simile/index';\nconst vectors = await readNpy(${JSON.stringify(name)});\nconsole.log(vectors);\n`;
    case 'json':
      return `const value: unknown = await (${response}).json();\nconsole.log(value);\n`;
    case 'csv':
      return `const rows = (await (${response}).text())\n  .trim()\n  .split(/\\r?\\n/)\n  .map((line) => line.split(',').map(Number));\nconsole.log(rows);\n`;
    case 'png':
    case 'jpg':
    case 'jpeg':
    case 'webp':
    case 'gif':
      return `const bitmap = await createImageBitmap(await (${response}).blob());\nconst pixels = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;\npixels.drawImage(bitmap, 0, 0);\nconst { data, width, height } = pixels.getImageData(0, 0, bitmap.width, bitmap.height);\nconsole.log(\`\${width} × \${height}\`, data);\n`;
    default:
      return `const bytes = new Uint8Array(await (${response}).arrayBuffer());\nconsole.log(bytes);\n`;
  }
}
