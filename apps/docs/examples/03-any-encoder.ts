// Any encoder: names by their letters
// A function turns names into vectors, here by groups of three letters; the model finds the nearest, misspelt or not.
import { similarityModel } from 'simile';

const DIMENSION = 512;

/** Counts of groups of three letters, each at a place of its own by a hash. */
function embed(names: readonly string[]): number[][] {
  return names.map((name) => {
    const counts = Array.from({ length: DIMENSION }, () => 0);
    const padded = `  ${name.toLowerCase()} `;
    for (let i = 0; i + 3 <= padded.length; i++) {
      let hash = 7;
      for (const letter of padded.slice(i, i + 3)) hash = (hash * 31 + letter.codePointAt(0)!) >>> 0;
      counts[hash % DIMENSION]!++;
    }
    return counts;
  });
}

const composers = [
  'Johann Sebastian Bach',
  'Ludwig van Beethoven',
  'Frédéric Chopin',
  'Antonín Dvořák',
  'Edvard Grieg',
];
const more = ['Wolfgang Amadeus Mozart', 'Modest Mussorgsky', 'Sergei Rachmaninoff', 'Pyotr Ilyich Tchaikovsky'];

const model = similarityModel({ embed, dimension: DIMENSION });
await model.index([...composers, ...more], { labels: [...composers, ...more] });

for (const typed of ['betthoven', 'rachmaninov', 'Mussorgski', 'bach']) {
  const [nearest] = await model.singleLookup(typed, { k: 1 });
  console.log(`${typed} → ${nearest?.label}`);
}
const [match] = await model.match(['Tschaikowsky'], { cutpoint: 0.8 });
console.log(match?.label); // → Pyotr Ilyich Tchaikovsky
const [none] = await model.match(['Xenakis'], { cutpoint: 0.8 });
console.log(none?.label, none?.known); // → null false
